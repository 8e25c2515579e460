import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseScenario, type Scenario } from './scenario.ts';

const scenarioDirectory = import.meta.dirname;

export type LoadedScenario =
  | { readonly kind: 'loaded'; readonly scenario: Scenario }
  /** One line for each mistake. */
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

/** `nameOrFile` is the name of a scenario that comes with Keeptrack, or the path of a file. */
export function loadScenario(nameOrFile: string, regions: readonly string[]): LoadedScenario {
  const file = scenarioNames().includes(nameOrFile) ? join(scenarioDirectory, `${nameOrFile}.yaml`) : nameOrFile;
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    return {
      kind: 'wrong',
      problems: [`there is no scenario and no file "${nameOrFile}"; known: ${scenarioNames().join(', ')}`],
    };
  }
  const parsed = parseScenario(readFileSync(file, 'utf8'), regions);
  if (parsed.kind === 'valid') return { kind: 'loaded', scenario: parsed.scenario };
  return { kind: 'wrong', problems: parsed.problems.map((problem) => `${file}:${problem}`) };
}

export function scenarioNames(): readonly string[] {
  return readdirSync(scenarioDirectory)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => basename(name, '.yaml'))
    .sort();
}

/** The comment at the beginning of a scenario file, which says what outage it is modelled on. */
export function scenarioComment(name: string): string {
  const lines = readFileSync(join(scenarioDirectory, `${name}.yaml`), 'utf8').split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^# ?/, ''))
    .join(' ');
}
