import { limits } from '../../core/limits/limits.ts';
import { hourMs, parseHourName } from '../../core/log/log-key.ts';
import type { LogClient } from '../clients/log-client.ts';
import type { FiguresAnswer } from './read-figures.ts';

/** Hours that are over and have no figures, by what the log has of them. */
export interface HoursWithoutFigures {
  /** Nothing: nobody makes them final, such as those before a region was deployed, and there is nothing to wait for. */
  readonly empty: ReadonlySet<string>;
  /** Nobody knows: the log did not answer, or there were too many to be looked up. */
  readonly notLookedUp: readonly string[];
}

const { emptyLookupsMax } = limits.report;

/** One lookup tells of all hours until the next one of which the log has something. `hours` come in order. */
export async function hoursWithoutFigures(
  hours: readonly string[],
  { states, rows }: Pick<FiguresAnswer, 'states' | 'rows'>,
  log: Pick<LogClient, 'nextHour'>,
  nowMs: number,
): Promise<HoursWithoutFigures> {
  const counted = new Set(rows.map(({ key }) => key.hour));
  const empty = new Set<string>();
  let unknown = hours.filter(
    (hour) => !states.has(hour) && !counted.has(hour) && parseHourName(hour) + hourMs <= nowMs,
  );
  for (let lookups = 0; unknown[0] !== undefined && lookups < emptyLookupsMax; lookups += 1) {
    const next = await log.nextHour(parseHourName(unknown[0]));
    if (next.kind === 'failed') break;
    const nextMs = next.value ?? Number.POSITIVE_INFINITY;
    for (const hour of unknown.filter((one) => parseHourName(one) < nextMs)) empty.add(hour);
    unknown = unknown.filter((one) => parseHourName(one) > nextMs);
  }
  return { empty, notLookedUp: unknown };
}
