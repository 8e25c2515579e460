import { functionName } from '../../core/config/resource-names.ts';
import { environmentNames } from '../../core/config/settings.ts';
import type { RegionKeys } from '../../core/keys/key-plan.ts';
import type { KeySecret } from '../../core/keys/key-rotation.ts';
import type { Shell } from '../cli/shell.ts';
import type { Deployment } from './deployment.ts';
import { type FunctionConfiguration, readFunctionConfiguration } from './function-configuration.ts';

export function runsKeys({ environment }: FunctionConfiguration, { signing, accepted }: KeySecret): boolean {
  return environment[environmentNames.signingKey] === signing && environment[environmentNames.acceptedKey] === accepted;
}

/**
 * Whether the functions of both regions run the keys that their secrets hold. Prints which do not. After a step too
 * early a region signs with a key that the other one does not accept yet, or refuses a key that the other one still
 * uses.
 */
export async function allRunVersion(
  deployment: Deployment,
  both: readonly RegionKeys[],
  shell: Shell,
): Promise<boolean> {
  const answers = await Promise.all(both.map((keys) => runningIn(keys, deployment)));
  const problems = answers.filter(({ problem }) => problem !== '');
  for (const { problem } of problems) shell.error(problem);
  if (problems.length > 0) shell.exitWith(problems.some(({ isUnknown }) => isUnknown) ? 1 : 2);
  return problems.length === 0;
}

interface Running {
  /** Empty when there is no problem. */
  readonly problem: string;
  readonly isUnknown: boolean;
}

async function runningIn({ region, held }: RegionKeys, deployment: Deployment): Promise<Running> {
  const answer = await readFunctionConfiguration(deployment, region, functionName(deployment.config, 'track'));
  if (answer.kind === 'failed') {
    const problem = `${region}: the configuration of its functions cannot be read (${answer.reason})`;
    return { problem, isUnknown: true };
  }
  const isRun = held.kind === 'held' && runsKeys(answer.value, held.secret);
  const problem = `${region}: its functions do not run with the last step yet: deploy it, then take the next step`;
  return { problem: isRun ? '' : problem, isUnknown: false };
}
