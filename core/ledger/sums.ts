import { parseObject } from '../parse-json.ts';
import { daySumsPrefix, digestOf, sumsPrefix } from './object-keys.ts';

/**
 * Sums of whole days and months: rows by offer, affiliate, goal, region and currency, with what is over a cap taken out.
 * Each row stands in the first quarter of its day, or of the first day of its month. Monthly and lifetime caps begin with
 * these sums. They stand outside `ledger/`, because a lifetime is longer than figures are kept.
 */

/** Which sums are in force. One object for each region, written by compare-and-swap. */
export const sumsIndexKey = `${sumsPrefix}index.json`;

/** Rows of one whole day (figures-object.ts). `day`: in the network's time zone, `2026-11-23`. */
export function daySumKey(day: string, digest: string): string {
  return `${daySumsPrefix}${day}-${digest}.ndjson.gz`;
}

/** Rows of the whole days of one month, `2026-11`. */
export function monthSumKey(month: string, digest: string): string {
  return `${sumsPrefix}months/${month}-${digest}.ndjson.gz`;
}

export function monthOf(day: string): string {
  return day.slice(0, '2026-11'.length);
}

export interface SumsIndex {
  /** The zone of the days. Sums of another zone are of no use. */
  readonly timeZone: string;
  /** By day. Only whole days have a sum. */
  readonly days: Readonly<Record<string, DaySum>>;
  /** By month. Months that are over have a sum. */
  readonly months: Readonly<Record<string, MonthSum>>;
}

export interface DaySum {
  /** The digest of the rows. Absent while the day is not whole. */
  readonly sum?: string;
  /** The digest over everything that the rows come from. */
  readonly sources?: string;
  /** Present when caps of longer periods hold for the day: what its caps took from earlier days (`earlierDigest`). */
  readonly earlier?: { readonly period: LongPeriod; readonly digest: string };
}

export interface MonthSum {
  readonly sum: string;
  /** The digest over the sums of the days. */
  readonly sources: string;
}

/** Of several caps of a day, the longest period. */
export type LongPeriod = 'monthly' | 'lifetime';

export function noSums(timeZone: string): SumsIndex {
  return { timeZone, days: {}, months: {} };
}

export function encodeSumsIndex(index: SumsIndex): Uint8Array {
  return Buffer.from(`${JSON.stringify({ v: 1, ...index })}\n`);
}

/** Undefined when the bytes are no index. */
export function parseSumsIndex(bytes: Uint8Array): SumsIndex | undefined {
  const { v, timeZone, days, months } = parseObject(Buffer.from(bytes).toString()) ?? {};
  const isWhole = v === 1 && typeof timeZone === 'string' && [days, months].every((one) => one instanceof Object);
  return isWhole ? ({ timeZone, days, months } as unknown as SumsIndex) : undefined;
}

/**
 * The keys of the sums of all days before `day` in its month, or in its lifetime. Days without a sum are missing: they
 * have no figures, or are not whole yet.
 */
export function earlierSumKeys(index: SumsIndex, day: string, period: LongPeriod): readonly string[] {
  const earlier = earlierSums(index, day, period);
  const isDone = (month: string) => index.months[month]?.sources === monthSources(index, month);
  const months = new Set(earlier.map(([one]) => monthOf(one)).filter((month) => month < monthOf(day) && isDone(month)));
  // Days expire, so a month can have a sum although the index no longer has its days.
  const older = period === 'lifetime' ? Object.keys(index.months).filter((month) => month < monthOf(day)) : [];
  const gone = older.filter((month) => monthDays(index, month).length === 0);
  return [
    ...[...gone, ...months].sort().map((month) => monthSumKey(month, index.months[month]?.sum ?? '')),
    ...earlier.filter(([one]) => !months.has(monthOf(one))).map(([one, sum]) => daySumKey(one, sum)),
  ];
}

/** Changes when a sum of an earlier day of the period changes. */
export function earlierDigest(index: SumsIndex, day: string, period: LongPeriod): string {
  return digestOf(earlierSums(index, day, period).flat());
}

/** Days before `day` that have a sum, with its digest, in order. */
function earlierSums(index: SumsIndex, day: string, period: LongPeriod): readonly (readonly [string, string])[] {
  const isIn = (one: string) => one < day && (period === 'lifetime' || monthOf(one) === monthOf(day));
  return Object.entries(index.days)
    .filter(([one]) => isIn(one))
    .flatMap(([one, { sum }]) => (sum === undefined ? [] : [[one, sum] as const]))
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

/** The days of a month that have a sum, with its digest, in order. */
export function monthDays(index: SumsIndex, month: string): readonly (readonly [string, string])[] {
  return earlierSums(index, `${month}-99`, 'monthly');
}

export function monthSources(index: SumsIndex, month: string): string {
  return digestOf(monthDays(index, month).flat());
}

/** Days whose caps were counted with other sums of earlier days than those in force, in order. */
export function overtakenDays(index: SumsIndex): readonly string[] {
  return Object.entries(index.days)
    .filter(([day, { earlier }]) => earlier && earlier.digest !== earlierDigest(index, day, earlier.period))
    .map(([day]) => day)
    .sort();
}

/** Months before `currentMonth` whose sum is not that of their days, in order. */
export function overtakenMonths(index: SumsIndex, currentMonth: string): readonly string[] {
  const months = new Set(Object.keys(index.days).map(monthOf));
  return [...months]
    .filter((month) => month < currentMonth && monthDays(index, month).length > 0)
    .filter((month) => index.months[month]?.sources !== monthSources(index, month))
    .sort();
}
