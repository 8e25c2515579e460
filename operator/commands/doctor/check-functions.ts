import { environmentNames } from '../../../core/config/settings.ts';
import { type FunctionConfiguration, readFunctionConfiguration } from '../../clients/function-configuration.ts';
import type { FunctionExpectations } from './expectations.ts';
import { deployAgain, type Finding, mismatch, unreadable } from './finding.ts';
import type { RegionCheck } from './region-check.ts';

export const checkFunctions: RegionCheck = async ({ deployment, region, expected }) => {
  const findings = expected.functions.map(async (one) => {
    const answer = await readFunctionConfiguration(deployment, region, one.FunctionName);
    if (answer.kind === 'ok') return judgeFunction(region, one, answer.value);
    return [unreadable(region, `function ${one.FunctionName}`, answer.reason)];
  });
  return (await Promise.all(findings)).flat();
};

export function judgeFunction(
  region: string,
  expected: FunctionExpectations,
  found: FunctionConfiguration,
): readonly Finding[] {
  const about = (what: string, wanted: unknown, is: unknown) =>
    mismatch({
      region,
      what: `function ${expected.FunctionName}: ${what}`,
      expected: String(wanted),
      found: String(is),
      todo: deployAgain,
    });
  return [
    ...about('runtime', expected.Runtime, found.runtime),
    ...about('time-out in seconds', expected.Timeout, found.timeoutSeconds),
    ...about('memory in MB', expected.MemorySize, found.memoryMegabytes),
    ...environmentNamesOf(expected, found).flatMap((name) => {
      const wanted = expected.Environment.Variables[name];
      return isComparable(name, wanted) ? about(name, wanted ?? 'nothing', found.environment[name] ?? 'nothing') : [];
    }),
  ];
}

function environmentNamesOf({ Environment }: FunctionExpectations, { environment }: FunctionConfiguration): string[] {
  return [...new Set([...Object.keys(Environment.Variables), ...Object.keys(environment)])].sort();
}

/**
 * Keys are compared elsewhere, with their secret, and never printed. A value that CloudFormation makes is not known
 * here.
 */
function isComparable(name: string, wanted: unknown): boolean {
  if (name === environmentNames.signingKey || name === environmentNames.acceptedKey) return false;
  return wanted === undefined || typeof wanted === 'string';
}
