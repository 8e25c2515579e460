import { type HourState, isFinal, quarterMs } from '../../../core/ledger/hour-state.ts';
import { parseHourName } from '../../../core/log/log-key.ts';
import { dayBefore, daysBetween, nextDay, periodName } from '../../../core/periods/closed-periods.ts';
import type { StatedPeriod, Statement } from '../../../core/periods/statement.ts';
import type { Clock } from '../../../core/ports.ts';
import { plural, utcHour } from '../../cli/format.ts';
import type { LogClient } from '../../clients/log-client.ts';
import { type Calendar, quartersOfDay } from '../../figures/calendar.ts';
import { correctionsSince } from '../../figures/corrections.ts';
import { hoursWithoutFigures } from '../../figures/empty-hours.ts';
import type { FiguresReader } from '../../figures/figures-reader.ts';
import { firstDayOf, hasDayExpired } from '../../figures/kept-figures.ts';
import { hoursTouchedBy, rangeOfDays } from '../../figures/quarter-range.ts';
import { type DaysFigures, figuresOfDays, rowsOfDays, uncountedDays } from '../../figures/stated-days.ts';

/** A region whose figures a statement is made from. */
interface PeriodRegion {
  readonly reader: FiguresReader;
  readonly log: Pick<LogClient, 'nextHour'>;
}

export interface Closing {
  readonly from: string;
  readonly to: string;
  /** In the network's time zone. */
  readonly calendar: Calendar;
  /** All closed periods, in order. */
  readonly stated: readonly StatedPeriod[];
  /** All regions whose figures have to agree. */
  readonly regions: readonly [PeriodRegion, ...PeriodRegion[]];
}

export type PlannedPeriod =
  | {
      readonly kind: 'statement';
      readonly statement: Statement;
      /** What a person should know before closing. */
      readonly warnings: readonly string[];
    }
  /** Why the period cannot be closed now, each a line for people. */
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/** Makes the statement, when all figures are final and equal. Changes nothing. Throws a FiguresFailure. */
export async function planPeriod(
  { from, to, calendar, stated, regions }: Closing,
  { clock, progress }: { readonly clock: Pick<Clock, 'nowMs'>; readonly progress: (line: string) => void },
): Promise<PlannedPeriod> {
  const readers = regions.map(({ reader }) => reader) as unknown as [FiguresReader, ...FiguresReader[]];
  const left = stated.length === 0 ? leftOut(from, await firstDayOf(readers, calendar)) : undefined;
  if (left !== undefined) return { kind: 'refused', problems: [left] };
  const ownHours = hoursTouchedBy(rangeOfDays(from, to, calendar));
  const all = await Promise.all(regions.map(({ reader }) => figuresOfDays(reader, from, to, calendar)));
  progress(`${periodName({ from, to })}: ${plural(ownHours.length, 'hour')} looked at`);
  const nowMs = clock.nowMs();
  const open = await Promise.all(
    regions.map(async (region, index) => {
      const figures = all[index] ?? noFigures;
      const unfinished = await unfinishedLines(region, ownHours, figures.states, nowMs);
      return unfinished.length > 0 ? unfinished : uncountedLines(region, uncountedDays(figures, calendar));
    }),
  );
  const [own = noFigures, ...others] = all;
  const differing = own.days.flatMap(({ day, digest }, index) =>
    others.some(({ days }) => days[index]?.digest !== digest) ? [day] : [],
  );
  const problems = [...open.flat(), ...differentLine(differing, regions)];
  if (problems.length > 0) return { kind: 'refused', problems };
  const corrections = await correctionsSince(stated, readers, calendar, progress);
  if (corrections.differentDays.length > 0)
    return { kind: 'refused', problems: differentLine(corrections.differentDays, regions) };
  const rows = await rowsOfDays(readers[0], own, from, to, calendar);
  return {
    kind: 'statement',
    statement: {
      ...{ from, to, timeZone: calendar.timeZone, days: [...corrections.days, ...own.days] },
      rows: [...corrections.rows, ...rows],
    },
    warnings: [
      ...doubtLines([...own.states.values()]),
      ...expiredLine(daysBetween(from, to).filter((day) => hasDayExpired(readers[0], day, calendar))),
      ...goneLine(corrections.goneDays),
    ],
  };
}

/**
 * Why the first period must begin earlier. Once the books have begun, whatever days before them have is a correction. So
 * they begin where figures begin, or all earlier money would be one.
 */
function leftOut(from: string, firstDay: string | undefined): string | undefined {
  if (firstDay === undefined || firstDay >= from) return undefined;
  return `--from: figures begin on ${firstDay}, so the first period has to begin there; close the days to ${dayBefore(from)} as a period of their own when they are settled already`;
}

const noFigures: DaysFigures = { days: [], states: new Map(), counted: new Map() };

/** Days that cannot be closed, whatever the figures say; undefined when they can. */
export function whyNotThese(
  { from, to, calendar, stated }: Omit<Closing, 'regions'>,
  nowMs: number,
): string | undefined {
  const last = stated.at(-1)?.period;
  const lastQuarterMs = quartersOfDay(to, calendar).at(-1);
  if (quartersOfDay(from, calendar).length === 0) return `--from: "${from}" is no day such as 2026-10-01`;
  if (lastQuarterMs === undefined) return `--to: "${to}" is no day such as 2026-10-31`;
  const closed = [from, to].find((day) => last && day <= last.to);
  if (closed !== undefined) return `${closed} is closed already: the last closed day is ${last?.to}`;
  if (last && from !== nextDay(last.to))
    return `--from: periods follow one another, so the next one begins on ${nextDay(last.to)}`;
  if (from > to) return `--from: ${from} is after ${to}`;
  if (last && last.timeZone !== calendar.timeZone) {
    return `the last period was closed in ${last.timeZone}, and the config says ${calendar.timeZone}: days would overlap or be missing`;
  }
  if (lastQuarterMs + quarterMs > nowMs) return `--to: ${to} is not over yet in ${calendar.timeZone}`;
  return undefined;
}

async function unfinishedLines(
  { reader, log }: PeriodRegion,
  hours: readonly string[],
  states: ReadonlyMap<string, HourState>,
  nowMs: number,
): Promise<readonly string[]> {
  const { empty, notLookedUp } = await hoursWithoutFigures(hours, states, log, nowMs);
  const open = hours.filter((hour) => {
    const state = states.get(hour);
    return !reader.hasExpired(parseHourName(hour)) && !empty.has(hour) && (state === undefined || !isFinal(state));
  });
  if (open.length === 0) return [];
  const unknown = notLookedUp.length > 0 ? ', some of them because the log did not answer' : '';
  return [`${reader.region}: ${plural(open.length, 'hour')} not final${unknown}: ${some(open.map(utcHour))}`];
}

function uncountedLines({ reader }: PeriodRegion, days: readonly string[]): readonly string[] {
  if (days.length === 0) return [];
  return [`${reader.region}: the visitors of ${plural(days.length, 'day')} are not counted yet: ${some(days)}`];
}

function differentLine(days: readonly string[], regions: Closing['regions']): readonly string[] {
  if (days.length === 0) return [];
  const names = regions.map(({ reader }) => reader.region).join(' and ');
  return [
    `${names} have different figures of ${plural(days.length, 'day')}: ${some(days)}; keeptrack reconcile --fix names the cause`,
  ];
}

/** Figures may be final and lack events all the same. */
function doubtLines(states: readonly HourState[]): readonly string[] {
  const missing = states.filter(({ accounting }) => (accounting?.missing ?? 0) > 0).map(({ hour }) => utcHour(hour));
  const unjudged = states.filter((state) => isFinal(state) && !state.accounting).map(({ hour }) => utcHour(hour));
  const unread = states.filter(({ unreadable }) => unreadable.length > 0).map(({ hour }) => utcHour(hour));
  return [
    ...(missing.length > 0 ? [`captured events are missing in ${some(missing)}`] : []),
    ...(unjudged.length > 0 ? [`the numbers of events were not judged yet in ${some(unjudged)}`] : []),
    ...(unread.length > 0 ? [`segments could not be read in ${some(unread)}`] : []),
  ];
}

function expiredLine(days: readonly string[]): readonly string[] {
  if (days.length === 0) return [];
  return [`the figures of ${plural(days.length, 'day')} have expired, so the statement lacks them: ${some(days)}`];
}

function goneLine(days: readonly string[]): readonly string[] {
  if (days.length === 0) return [];
  return [`closed days have no figures any more, so what changed there is not known: ${some(days)}`];
}

const namedMax = 4;

function some(names: readonly string[]): string {
  const left = names.length - namedMax;
  return [...names.slice(0, namedMax), ...(left > 0 ? [`${left} more`] : [])].join(', ');
}
