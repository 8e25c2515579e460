import { parseDurationMs } from '../../core/config/duration.ts';
import { functionSettings } from '../../core/config/settings.ts';
import { expectablePaths, isExpectable } from './expectations.ts';

/**
 * Problems that concern more than one field of a scenario file. Reads the file as written, even when the schema refuses
 * it, so that the user sees all problems at once.
 */
export function crossProblems(written: unknown, regions: readonly string[]): readonly string[] {
  const { load, duration, quiet, releases, faults, steps, expect } = fieldsOf(written);
  const durationMs = millisecondsOf(duration) ?? Number.POSITIVE_INFINITY;
  return [
    ...loadProblems(fieldsOf(load)),
    ...(isBefore(quiet, durationMs) ? [] : ['quiet: must be shorter than the duration']),
    ...releaseProblems(Object.keys(fieldsOf(releases)), regions),
    ...(Array.isArray(faults) ? faults : []).flatMap((fault, index) =>
      faultProblems(fieldsOf(fault), regions, durationMs).map((problem) => `faults.${index}.${problem}`),
    ),
    ...(Array.isArray(steps) ? steps : []).flatMap((step, index) =>
      stepProblems(fieldsOf(step), regions, durationMs).map((problem) => `steps.${index}.${problem}`),
    ),
    ...Object.keys(fieldsOf(expect))
      .filter((path) => !isExpectable(path))
      .map((path) => `expect.${path}: is not a path of the report; known: ${expectablePaths.join(', ')}`),
  ];
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function millisecondsOf(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDurationMs(value) : undefined;
}

function loadProblems({ clicks, impressions, conversions }: Fields): string[] {
  if (![clicks, impressions, conversions].some(Boolean)) return ['load: must send something'];
  const alone = typeof conversions === 'number' && conversions > 0 && (clicks === undefined || clicks === 0);
  return alone ? ["load.conversions: needs clicks, because a conversion needs a click's transaction id"] : [];
}

function releaseProblems(named: readonly string[], regions: readonly string[]): string[] {
  const unknown = named.filter((region) => !regions.includes(region));
  return unknown.map((region) => `releases.${region}: is not a region; the regions are ${regions.join(', ')}`);
}

function stepProblems({ region, at }: Fields, regions: readonly string[], durationMs: number): string[] {
  return [
    ...(isBefore(at, durationMs) ? [] : ['at: must be before the end of the load']),
    ...(typeof region === 'string' && !regions.includes(region)
      ? [`region: must be one of ${regions.join(', ')}, not "${region}"`]
      : []),
  ];
}

const callerNames = [...Object.keys(functionSettings), 'operator'];

/** Refuses faults that would break nothing: a drill must not pass because of a misspelt name. */
function faultProblems({ region, callers, at }: Fields, regions: readonly string[], durationMs: number): string[] {
  const problems: string[] = [];
  if (typeof region === 'string' && !regions.includes(region)) {
    problems.push(`region: must be one of ${regions.join(', ')}, not "${region}"`);
  }
  const unknownCallers = (Array.isArray(callers) ? callers : []).filter((caller) => !callerNames.includes(caller));
  for (const caller of unknownCallers)
    problems.push(`callers: must be some of ${callerNames.join(', ')}, not "${caller}"`);
  if (!isBefore(at, durationMs)) problems.push('at: must be before the end of the load');
  return problems;
}

/** True for a text that is not a duration, because the schema reports that. */
function isBefore(at: unknown, durationMs: number): boolean {
  return (millisecondsOf(at) ?? 0) < durationMs;
}
