import { type ClosedPeriod, nextDay, periodName } from '../../../core/periods/closed-periods.ts';
import type { StatedPeriod } from '../../../core/periods/statement.ts';
import type { Shell } from '../../cli/shell.ts';
import type { Deployment } from '../../clients/deployment.ts';
import {
  type PeriodBucket,
  PeriodsFailure,
  readPeriods,
  statedPeriods,
  withPeriodBuckets,
} from '../../clients/period-buckets.ts';
import { type Calendar, quartersOfDay } from '../../figures/calendar.ts';
import { correctingRows, correctionsSince, dayOfRow } from '../../figures/corrections.ts';
import type { FiguresReader } from '../../figures/figures-reader.ts';
import type { QuarterRange } from '../../figures/quarter-range.ts';
import type { GroupName } from './report-groups.ts';
import type { ReportedRow } from './report-rows.ts';

/** What closed periods say in a report. */
export interface ClosedFigures {
  /** Whether the figures of a day are those of a statement. */
  readonly isStated: (day: string) => boolean;
  readonly rows: readonly ReportedRow[];
  /** Lines for people. */
  readonly notes: readonly string[];
}

export interface AskedDays {
  readonly range: QuarterRange;
  readonly calendar: Calendar;
  readonly groups: readonly GroupName[];
}

/**
 * The statements' figures of the closed days in the range. Corrections count on the first day of the period that has
 * them: an earlier statement's on the first day of its period, and those that no statement has yet on the first open day.
 * Throws a FiguresFailure.
 */
export function closedFigures(
  deployment: Deployment,
  reader: FiguresReader,
  asked: AskedDays,
  shell: Pick<Shell, 'progress'>,
): Promise<ClosedFigures> {
  return withPeriodBuckets(deployment, async (buckets) => {
    try {
      const { periods } = await readPeriods(buckets);
      return await figuresOf(periods, buckets, reader, asked, shell);
    } catch (error) {
      if (!(error instanceof PeriodsFailure)) throw error;
      return { ...nothingClosed, notes: [`${error.message}: closed periods have the figures of today here`] };
    }
  });
}

export const nothingClosed: ClosedFigures = { isStated: () => false, rows: [], notes: [] };

async function figuresOf(
  periods: readonly ClosedPeriod[],
  buckets: readonly PeriodBucket[],
  reader: FiguresReader,
  asked: AskedDays,
  shell: Pick<Shell, 'progress'>,
): Promise<ClosedFigures> {
  const [first, last] = [periods[0], periods.at(-1)];
  if (first === undefined || last === undefined) return nothingClosed;
  const concerned = periods.filter((period) => touches(period, asked));
  const isBefore = asked.calendar.dayOf(asked.range.fromMs) < first.from;
  const hasOpening = contains(asked, nextDay(last.to));
  if (concerned.length === 0 && !isBefore && !hasOpening) return nothingClosed;
  const problem = whyNotStated(last, asked, concerned.length > 0 || isBefore);
  if (problem !== undefined) return { ...nothingClosed, notes: [problem] };
  const stated = await statedPeriods(hasOpening ? periods : concerned, buckets);
  const opening = hasOpening ? await openCorrections(stated, reader, asked, shell) : { rows: [], notes: [] };
  const closed = concernedFigures(
    stated.filter(({ period }) => concerned.includes(period)),
    periods,
    asked,
  );
  return { ...closed, rows: [...closed.rows, ...opening.rows], notes: [...closed.notes, ...opening.notes] };
}

function touches({ from, to }: ClosedPeriod, { range, calendar }: AskedDays): boolean {
  return from <= calendar.dayOf(range.toMs) && to >= calendar.dayOf(range.fromMs);
}

/** Whether the range has the day's first quarter. */
function contains({ range, calendar }: AskedDays, day: string): boolean {
  const [startMs = Number.NaN] = quartersOfDay(day, calendar);
  return startMs >= range.fromMs && startMs <= range.toMs;
}

const statedGroups: readonly GroupName[] = ['day', 'offer', 'affiliate', 'advertiser', 'goal'];

/** `hasClosed`: the range has closed days, or days before the first period, and not just the first open one. */
function whyNotStated(
  { timeZone, to }: ClosedPeriod,
  { calendar, groups }: AskedDays,
  hasClosed: boolean,
): string | undefined {
  const other = groups.find((name) => !statedGroups.includes(name));
  const otherZone = calendar.timeZone === timeZone ? undefined : `the days of statements are those of ${timeZone}`;
  const why = (other && `statements are not kept by ${other}`) ?? otherZone;
  if (why === undefined) return undefined;
  return hasClosed
    ? `periods are closed up to ${to}: these figures are those of today and not the statements', because ${why}`
    : `what changed in periods closed up to ${to} is not shown, because ${why}`;
}

async function openCorrections(
  stated: readonly StatedPeriod[],
  reader: FiguresReader,
  { calendar }: AskedDays,
  { progress }: Pick<Shell, 'progress'>,
): Promise<Pick<ClosedFigures, 'rows' | 'notes'>> {
  const periods = stated.map(({ period }) => period);
  const { rows, goneDays } = await correctionsSince(stated, [reader], calendar, progress);
  const openDay = nextDay(periods.at(-1)?.to ?? '');
  return {
    rows: correctingRows(rows, periods, openDay, calendar),
    notes:
      goneDays.length === 0
        ? []
        : [
            `${goneDays.length} closed days have no figures any more, from ${goneDays[0]} on: what changed there is not known`,
          ],
  };
}

function concernedFigures(
  stated: readonly StatedPeriod[],
  periods: readonly ClosedPeriod[],
  asked: AskedDays,
): ClosedFigures {
  const { calendar } = asked;
  const booksFrom = periods[0]?.from ?? '';
  const isClosed = (day: string) => day < booksFrom || stated.some(({ period }) => isIn(period, day));
  const isStated = (day: string) => isClosed(day) && isWhole(day, asked);
  const rows = stated.flatMap(({ period, statement }): readonly ReportedRow[] => {
    const dayed = statement.rows.map((row) => ({ row, day: dayOfRow(row, calendar) }));
    const own = dayed.filter(({ day }) => day >= period.from && isStated(day)).map(({ row }) => row);
    const earlier = dayed.filter(({ day }) => day < period.from).map(({ row }) => row);
    return contains(asked, period.from) ? [...own, ...correctingRows(earlier, periods, period.from, calendar)] : own;
  });
  const partial = [asked.range.fromMs, asked.range.toMs]
    .map((edge) => calendar.dayOf(edge))
    .filter((day) => isClosed(day) && !isWhole(day, asked));
  return {
    isStated,
    rows,
    notes: [
      ...(calendar.dayOf(asked.range.fromMs) < booksFrom
        ? [
            `the first period begins on ${booksFrom}: earlier days have nothing, and what came later counts as corrections`,
          ]
        : []),
      ...stated.map(({ period }) => `${periodName(period)} is closed: its days have the figures of its statement`),
      ...new Set(partial.map((day) => `${day} is in part: it has the figures of today and not its statement's`)),
    ],
  };
}

function isIn({ from, to }: ClosedPeriod, day: string): boolean {
  return day >= from && day <= to;
}

function isWhole(day: string, { range, calendar }: AskedDays): boolean {
  const quarters = quartersOfDay(day, calendar);
  return (quarters[0] ?? Number.NaN) >= range.fromMs && (quarters.at(-1) ?? Number.NaN) <= range.toMs;
}
