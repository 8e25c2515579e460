import type { HourState } from '../../../core/ledger/hour-state.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourPrefix, parseHourName, parseLogKey } from '../../../core/log/log-key.ts';
import { ageText, plural, utcHour } from '../../cli/format.ts';
import type { LogClient } from '../../clients/log-client.ts';

/** How old the figures of a provisional hour are, and what they lack. */
export interface ProvisionalHour {
  /** UTC, for example `2026-11-23T05`. */
  readonly hour: string;
  /** How long ago all segments then in the log were counted. Absent when none was counted yet. */
  readonly ageSeconds?: number;
  /**
   * Segments that the log has got since. A lower bound where the listing is very long. Absent when the log did not
   * answer or was not asked.
   */
  readonly newSegments?: number;
}

const { hoursListedMax } = limits.report;

/** `hours` are provisional, in order. Lists the log for the newest of them. */
export async function provisionalHours(
  hours: readonly string[],
  states: ReadonlyMap<string, HourState>,
  log: Pick<LogClient, 'list'>,
  nowMs: number,
): Promise<readonly ProvisionalHour[]> {
  const listed = new Set(hours.slice(-hoursListedMax));
  return Promise.all(
    hours.map(async (hour) => {
      const state = states.get(hour);
      const newSegments = listed.has(hour) ? await newSegmentsIn(hour, state, log) : undefined;
      return {
        hour,
        ...(state && { ageSeconds: Math.max(0, Math.round((nowMs - state.foldedToMs) / 1_000)) }),
        ...(newSegments !== undefined && { newSegments }),
      };
    }),
  );
}

async function newSegmentsIn(hour: string, state: HourState | undefined, log: Pick<LogClient, 'list'>) {
  const listed = await log.list(hourPrefix(parseHourName(hour)));
  if (listed.kind === 'failed') return undefined;
  const segments = listed.value.objects.filter(({ key }) => parseLogKey(key) !== undefined).length;
  return Math.max(0, segments - (state?.segments ?? 0));
}

/** One line for all provisional hours, and one for each of the newest that says how old it is and what it lacks. */
export function provisionalLines(provisional: readonly ProvisionalHour[], hourCount: number): readonly string[] {
  if (provisional.length === 0) return [];
  return [
    `${plural(provisional.length, 'hour')} of ${hourCount} provisional: unique clicks are an upper bound, late events are still to come`,
    ...provisional.slice(-hoursListedMax).map(lineOf),
  ];
}

/** `2026-11-23T12Z: counted 40 s ago; the log has 3 segments more` */
function lineOf({ hour, ageSeconds, newSegments }: ProvisionalHour): string {
  const counted = ageSeconds === undefined ? 'nothing counted yet' : `counted ${ageText(ageSeconds)} ago`;
  if (newSegments === undefined) return `${utcHour(hour)}: ${counted}; its log was not looked at`;
  const more = newSegments === 0 ? 'nothing' : plural(newSegments, 'segment');
  return `${utcHour(hour)}: ${counted}; the log has ${more} more`;
}
