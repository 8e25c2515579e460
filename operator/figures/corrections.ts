import type { FiguresRow } from '../../core/figures/row.ts';
import { quarterMs } from '../../core/ledger/hour-state.ts';
import { parseHourName } from '../../core/log/log-key.ts';
import { type ClosedPeriod, dayBefore, periodName } from '../../core/periods/closed-periods.ts';
import { changesSince, type StatedDay, type StatedPeriod } from '../../core/periods/statement.ts';
import type { Calendar } from './calendar.ts';
import type { FiguresReader } from './figures-reader.ts';
import { firstDayOf, hasDayExpired } from './kept-figures.ts';
import { type DaysFigures, figuresOfDays, firstQuarterOf, rowsOfDays } from './stated-days.ts';

/**
 * What changed in closed periods since the last statement that concerns them. The books begin with the first period, and
 * no figures were there before. So whatever days before the books have now is a correction too.
 */
export interface Corrections {
  /** Rows of differences, in the days that changed. */
  readonly rows: readonly FiguresRow[];
  /** The days that changed. */
  readonly days: readonly StatedDay[];
  /** Days whose figures have expired with the log, or a part of them. Their corrections are not known. */
  readonly goneDays: readonly string[];
  /** Days of which the regions have different figures. */
  readonly differentDays: readonly string[];
}

/**
 * Reads the states of every hour of the closed periods, and of earlier hours with figures, from all `readers`. Reads the
 * rows of the days that changed from the first one. Throws a FiguresFailure.
 */
export async function correctionsSince(
  stated: readonly StatedPeriod[],
  readers: readonly [FiguresReader, ...FiguresReader[]],
  calendar: Calendar,
  progress: (line: string) => void,
): Promise<Corrections> {
  const [first] = readers;
  const known = new Map(stated.flatMap(({ statement }) => statement.days.map((day) => [day.day, day])));
  const said = rowsOfStatements(stated, calendar);
  const found = { rows: [], days: [], goneDays: [], differentDays: [] } as {
    -readonly [Key in keyof Corrections]: Corrections[Key][number][];
  };
  for (const { from, to } of [...(await beforeTheBooks(stated, readers, calendar)), ...stated.map(periodOf)]) {
    const [figures, ...others] = await figuresOfAll(readers, from, to, calendar);
    const kept = figures.days.filter(({ day }) => !hasDayExpired(first, day, calendar));
    found.goneDays.push(...namesOf(figures.days.filter((one) => !kept.includes(one))));
    found.differentDays.push(...namesOf(kept.filter((one) => others.some(({ days }) => !hasSame(days, one)))));
    for (const now of kept) {
      const { day } = now;
      const became = whatBecameOf(now, known.get(day));
      if (became === 'gone') found.goneDays.push(day);
      if (became !== 'changed') continue;
      found.days.push(now);
      found.rows.push(...changesSince(await rowsOfDays(first, figures, day, day, calendar), said.get(day) ?? []));
    }
    progress(`${periodName({ from, to })}: compared with what statements say`);
  }
  return found;
}

async function figuresOfAll(
  [first, ...others]: readonly [FiguresReader, ...FiguresReader[]],
  from: string,
  to: string,
  calendar: Calendar,
): Promise<readonly [DaysFigures, ...DaysFigures[]]> {
  const figures = await figuresOfDays(first, from, to, calendar);
  return [figures, ...(await Promise.all(others.map((reader) => figuresOfDays(reader, from, to, calendar))))];
}

function namesOf(days: readonly StatedDay[]): readonly string[] {
  return days.map(({ day }) => day);
}

function hasSame(days: readonly StatedDay[], { day, digest }: StatedDay): boolean {
  return days.some((one) => one.day === day && one.digest === digest);
}

function whatBecameOf(now: StatedDay, before: StatedDay | undefined): 'same' | 'gone' | 'changed' {
  if (now.digest === before?.digest) return 'same';
  return now.hours < (before?.hours ?? 0) ? 'gone' : 'changed';
}

function periodOf({ period }: StatedPeriod): ClosedPeriod {
  return period;
}

/** The days with figures before the first period: none or one span. */
async function beforeTheBooks(
  [first]: readonly StatedPeriod[],
  readers: readonly FiguresReader[],
  calendar: Calendar,
): Promise<readonly Pick<ClosedPeriod, 'from' | 'to'>[]> {
  const from = await firstDayOf(readers, calendar);
  if (first === undefined || from === undefined || from >= first.period.from) return [];
  return [{ from, to: dayBefore(first.period.from) }];
}

/** All that the statements say, by the day that they say it of. */
function rowsOfStatements(
  stated: readonly StatedPeriod[],
  calendar: Calendar,
): ReadonlyMap<string, readonly FiguresRow[]> {
  const byDay = new Map<string, FiguresRow[]>();
  for (const row of stated.flatMap(({ statement }) => statement.rows)) {
    const day = dayOfRow(row, calendar);
    const rows = byDay.get(day);
    if (rows === undefined) byDay.set(day, [row]);
    else rows.push(row);
  }
  return byDay;
}

export function dayOfRow({ key }: FiguresRow, { dayOf }: Calendar): string {
  return dayOf(parseHourName(key.hour) + key.quarter * quarterMs);
}

/** A change of a closed period's figures, on the day on which it counts. */
export interface CorrectingRow extends FiguresRow {
  /** The name of the closed period; `before 2026-10-01` for days before the first one. */
  readonly corrects: string;
}

/** `rows` stand in the days that changed. `countsOn`: the first day of the period whose figures contain the changes. */
export function correctingRows(
  rows: readonly FiguresRow[],
  periods: readonly Pick<ClosedPeriod, 'from' | 'to'>[],
  countsOn: string,
  calendar: Calendar,
): readonly CorrectingRow[] {
  const at = firstQuarterOf(countsOn, calendar);
  return rows.map((row) => {
    const day = dayOfRow(row, calendar);
    return { ...row, key: { ...row.key, ...at }, corrects: correctedName(day, periods) };
  });
}

function correctedName(day: string, periods: readonly Pick<ClosedPeriod, 'from' | 'to'>[]): string {
  const period = periods.find(({ from, to }) => day >= from && day <= to);
  if (period !== undefined) return periodName(period);
  const [first] = periods;
  return first === undefined ? day : `before ${first.from}`;
}
