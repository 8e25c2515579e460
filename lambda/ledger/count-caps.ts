import { type Capped, readCapped, stampedCapsOf } from '../../core/caps/capped.ts';
import { type DayCaps, dayCaps, dayCapsObject } from '../../core/caps/day-caps.ts';
import { readFiguresObject } from '../../core/figures/figures-object.ts';
import type { FiguresRow } from '../../core/figures/row.ts';
import { RowSum } from '../../core/figures/row-sum.ts';
import { inParallel } from '../../core/in-parallel.ts';
import type { DayCapsState } from '../../core/ledger/day-state.ts';
import { dayCapsKey, digestOf } from '../../core/ledger/object-keys.ts';
import { earlierDigest, earlierSumKeys, type LongPeriod } from '../../core/ledger/sums.ts';
import { limits } from '../../core/limits/limits.ts';
import { closedPeriodsKey, parseClosedPeriods } from '../../core/periods/closed-periods.ts';
import type { FoldRun } from '../fold/run.ts';
import type { FinalDay } from './final-day.ts';
import type { SumsBook } from './sums-book.ts';

export interface CountedCaps {
  /** Absent when nothing of the day has hard caps. */
  readonly state?: DayCapsState;
  /** Present when some caps are of longer periods (core/ledger/sums.ts). */
  readonly earlier?: { readonly period: LongPeriod; readonly digest: string };
}

/**
 * Counts what hard caps change in the figures of a day, unless the last count had the same sources. A day without such
 * caps needs no read at all.
 */
export async function countCaps(
  run: FoldRun,
  final: FinalDay,
  timeZone: string,
  book: SumsBook,
  known: DayCapsState | undefined,
): Promise<CountedCaps> {
  const { day, cappedKeys, figureKeys } = final;
  if (cappedKeys.length === 0) return {};
  const capped = (await readEach(run, cappedKeys, readCapped)).flat();
  const period = longestPeriod(capped);
  const earlier = period && { period, digest: earlierDigest(await book.index(), day, period) };
  const closedById = await closingOf(run, day, timeZone);
  const sums = await earlierRows(run, book, day, period, new Set(capped.map(({ key }) => key.offerId)));
  const sumTexts = [...sums.monthly, ...sums.lifetime].map((row) => JSON.stringify(row, bigintText));
  const sources = digestOf([...cappedKeys, ...figureKeys, closedById ?? '', ...sumTexts]);
  if (known?.sources === sources) return { state: known, ...(earlier && { earlier }) };
  const rows = await rowsOfOffers(run, figureKeys, capped);
  const caps: DayCaps = dayCaps({ capped, rows, earlier: sums, ...(closedById !== undefined && { closedById }) });
  const { digest, gzip } = dayCapsObject(caps);
  await run.put(dayCapsKey(day, digest), gzip);
  return { state: { sources, object: digest }, ...(earlier && { earlier }) };
}

function bigintText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value;
}

async function readEach<T>(
  run: FoldRun,
  keys: readonly string[],
  parse: (bytes: Uint8Array) => T | undefined,
): Promise<readonly T[]> {
  return inParallel(keys, limits.fold.blocksAtOnceMax, (key) => run.read(key, parse));
}

function longestPeriod(capped: readonly Capped[]): LongPeriod | undefined {
  const texts = new Set(capped.map(({ caps }) => caps.text));
  const periods = new Set(
    [...texts].flatMap((text) => stampedCapsOf({ text, countsGoals: false })).map((cap) => cap.period),
  );
  if (periods.has('lifetime')) return 'lifetime';
  return periods.has('monthly') ? 'monthly' : undefined;
}

/** The event with which an operator closed the period of the day. */
async function closingOf(run: FoldRun, day: string, timeZone: string): Promise<string | undefined> {
  const object = await run.find(closedPeriodsKey);
  const periods = object && parseClosedPeriods(object.body);
  return periods?.find((one) => one.timeZone === timeZone && one.from <= day && day <= one.to)?.event.id;
}

/** Corrected sums of earlier days, of these offers. */
async function earlierRows(
  run: FoldRun,
  book: SumsBook,
  day: string,
  longest: LongPeriod | undefined,
  offers: ReadonlySet<number>,
): Promise<Readonly<Record<LongPeriod, readonly FiguresRow[]>>> {
  const read = async (period: LongPeriod) => {
    const sum = new RowSum();
    for (const key of earlierSumKeys(await book.index(), day, period)) {
      const rows = await run.read(key, readFiguresObject);
      sum.add(rows.filter((row) => offers.has(row.key.offerId)));
    }
    return sum.rows();
  };
  const monthly = longest === undefined ? [] : await read('monthly');
  return { monthly, lifetime: longest === 'lifetime' ? await read('lifetime') : [] };
}

/** Rows of the day's hours of those offers that have hard caps. */
async function rowsOfOffers(
  run: FoldRun,
  figureKeys: readonly string[],
  capped: readonly Capped[],
): Promise<readonly FiguresRow[]> {
  const offers = new Set(capped.map(({ key }) => key.offerId));
  const read = async (key: string) => {
    const rows = await run.read(key, readFiguresObject);
    return rows.filter((row) => offers.has(row.key.offerId));
  };
  return (await inParallel(figureKeys, limits.fold.blocksAtOnceMax, read)).flat();
}
