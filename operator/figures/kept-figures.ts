import type { HourState } from '../../core/ledger/hour-state.ts';
import { parseHourName } from '../../core/log/log-key.ts';
import type { Calendar } from './calendar.ts';
import type { FiguresReader } from './figures-reader.ts';
import { rangeOfDays } from './quarter-range.ts';

/** The states of these hours of UTC, by hour, without those whose figures have expired. Throws a FiguresFailure. */
export function keptStates(reader: FiguresReader, hours: readonly string[]): Promise<ReadonlyMap<string, HourState>> {
  return reader.hourStates(hours.filter((hour) => !reader.hasExpired(parseHourName(hour))));
}

/** Whether a part of the day's figures has expired. */
export function hasDayExpired(reader: FiguresReader, day: string, calendar: Calendar): boolean {
  return reader.hasExpired(Math.min(Date.parse(day), rangeOfDays(day, day, calendar).fromMs));
}

/** The day of the first figures of all `readers`; undefined when they have none. Throws a FiguresFailure. */
export async function firstDayOf(readers: readonly FiguresReader[], { dayOf }: Calendar): Promise<string | undefined> {
  const hours = await Promise.all(readers.map((reader) => reader.firstHour()));
  const [first] = hours.filter((hour) => hour !== undefined).sort();
  return first && dayOf(parseHourName(first));
}
