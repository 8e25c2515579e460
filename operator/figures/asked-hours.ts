import { quarterMs } from '../../core/ledger/hour-state.ts';
import { hourStart } from '../../core/log/log-key.ts';
import type { Shell } from '../cli/shell.ts';
import type { Deployment } from '../clients/deployment.ts';
import { hoursTouchedBy, quarterStart, type RangeOptions, type ReadRange, readRange } from './quarter-range.ts';

export interface AskedHours extends Omit<Extract<ReadRange, { readonly kind: 'range' }>, 'kind'> {
  /** The names of the hours of UTC that the range touches. */
  readonly hours: readonly string[];
  /** The region of `--region`, or both regions. */
  readonly regions: readonly string[];
}

/**
 * The hours and regions that the options ask for. `usually` says where the range ends without `--to`: at the current
 * quarter of an hour, or with the last hour that is over. When options are wrong, prints every problem, sets exit code 2
 * and returns undefined.
 */
export function askedHours(
  options: RangeOptions & { readonly region?: string },
  { config, regions }: Deployment,
  usually: 'until-now' | 'what-is-over',
  shell: Shell,
  otherProblems: readonly string[] = [],
): AskedHours | undefined {
  const nowMs = shell.clock.nowMs();
  const lastMs = quarterStart(nowMs);
  const usualToMs = usually === 'until-now' ? lastMs : hourStart(nowMs) - quarterMs;
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
  return { range, calendar, hours: hoursTouchedBy(range), regions: region === undefined ? regions : [region] };
}
