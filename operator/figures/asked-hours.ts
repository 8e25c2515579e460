import { hourMs, hourName, hourStart } from '../../core/log/log-key.ts';
import type { Shell } from '../cli/shell.ts';
import type { Deployment } from '../clients/deployment.ts';
import { hoursIn, type RangeOptions, type ReadRange, readRange } from './hour-range.ts';

export interface AskedHours extends Omit<Extract<ReadRange, { readonly kind: 'range' }>, 'kind'> {
  /** The names of the range's hours. */
  readonly hours: readonly string[];
  /** The region of `--region`, or both regions. */
  readonly regions: readonly string[];
}

/**
 * The hours and regions that the options ask for. `usually` says where the range ends without `--to`: at the current
 * hour, or at the last hour that is over. When options are wrong, prints every problem, sets exit code 2 and returns
 * undefined.
 */
export function askedHours(
  options: RangeOptions & { readonly region?: string },
  { config, regions }: Deployment,
  usually: 'until-now' | 'what-is-over',
  shell: Shell,
  otherProblems: readonly string[] = [],
): AskedHours | undefined {
  const lastMs = hourStart(shell.clock.nowMs());
  const usualToMs = usually === 'until-now' ? lastMs : lastMs - hourMs;
  const read = readRange(options, config.reporting.timeZone, lastMs, usualToMs);
  const { region } = options;
  const isKnown = region === undefined || regions.includes(region);
  const problems = [
    ...(read.kind === 'wrong' ? read.problems : []),
    ...(isKnown ? [] : [`--region: ${region} is not one of ${regions.join(' and ')}`]),
    ...otherProblems,
  ];
  for (const problem of problems) shell.error(problem);
  if (read.kind === 'wrong' || problems.length > 0) {
    shell.exitWith(2);
    return undefined;
  }
  const { range, calendar } = read;
  const hours = hoursIn(range).map(hourName);
  return { range, calendar, hours, regions: region === undefined ? regions : [region] };
}
