import { encodeLine } from '../../../core/event/event.ts';
import { periodName } from '../../../core/periods/closed-periods.ts';
import { utcText } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import type { Shell } from '../../cli/shell.ts';
import { tableLines } from '../../cli/text-table.ts';
import { openDeployment } from '../../clients/deployment.ts';
import { type KnownPeriods, PeriodsFailure, readPeriods, withPeriodBuckets } from '../../clients/period-buckets.ts';

/** Exit code 1 when a copy of the list cannot be read or lacks a period. */
export async function listPeriods(options: GlobalOptions, shell: Shell): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  const known = await withPeriodBuckets(deployment, readPeriods).catch((error: unknown) => {
    if (!(error instanceof PeriodsFailure)) throw error;
    return error;
  });
  if (known instanceof PeriodsFailure) {
    shell.error(known.message);
    return shell.exitWith(1);
  }
  if (options.json) shell.out(JSON.stringify(known.periods.map(jsonOf), null, 2));
  else for (const line of listLines(known)) shell.out(line);
  const problems = [
    ...known.unknown.map(({ region, reason }) => `${region}: its list cannot be read (${reason})`),
    ...known.copies
      .filter(({ periods }) => periods.length < known.periods.length)
      .map(({ region }) => `${region}: its list lacks periods; the next periods close, or --again, completes it`),
  ];
  for (const problem of problems) shell.error(problem);
  if (problems.length > 0) shell.exitWith(1);
}

function listLines({ periods }: KnownPeriods): readonly string[] {
  if (periods.length === 0) return ['no period was closed yet'];
  return tableLines([
    ['period', 'from', 'to', 'time zone', 'closed', 'with key', 'statement'],
    ...periods.map((period) => {
      const { from, to, timeZone, closedAtMs, event, statement } = period;
      return [periodName(period), from, to, timeZone, utcText(closedAtMs), `${event['operator']}`, statement];
    }),
  ]);
}

function jsonOf(period: KnownPeriods['periods'][number]) {
  const { event, ...others } = period;
  return { period: periodName(period), ...others, event: encodeLine(event) };
}
