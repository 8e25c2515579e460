import { type HourState, isFinal } from '../../core/ledger/hour-state.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs, parseHourName } from '../../core/log/log-key.ts';
import type { LogClient } from '../clients/log-client.ts';

/** Hours that are over and have no figures, sorted by what the log says about them. */
export interface HoursWithoutFigures {
  /**
   * The log has nothing for these hours, so they never become final. Hours before the first deployment are examples.
   */
  readonly empty: ReadonlySet<string>;
  /** Not known, because the log did not answer or there were too many hours to look up. */
  readonly notLookedUp: readonly string[];
}

const { emptyLookupsMax } = limits.report;

/**
 * `hours` are in order. One look-up finds the next hour in the log, which shows that all hours before that one are
 * empty.
 */
export async function hoursWithoutFigures(
  hours: readonly string[],
  states: ReadonlyMap<string, HourState>,
  log: Pick<LogClient, 'nextHour'>,
  nowMs: number,
): Promise<HoursWithoutFigures> {
  const empty = new Set<string>();
  let unknown = hours.filter((hour) => isUncounted(states.get(hour)) && parseHourName(hour) + hourMs <= nowMs);
  for (let lookups = 0; unknown[0] !== undefined && lookups < emptyLookupsMax; lookups += 1) {
    const next = await log.nextHour(parseHourName(unknown[0]));
    if (next.kind === 'failed') break;
    const nextMs = next.value ?? Number.POSITIVE_INFINITY;
    for (const hour of unknown.filter((one) => parseHourName(one) < nextMs)) empty.add(hour);
    unknown = unknown.filter((one) => parseHourName(one) > nextMs);
  }
  return { empty, notLookedUp: unknown };
}

/** `stats` publishes provisional figures of empty hours too. */
function isUncounted(state: HourState | undefined): boolean {
  return state === undefined || (!isFinal(state) && state.segments === 0);
}
