import type { FiguresRow } from '../../core/figures/row.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { type HourState, quarterCount, quarterMs } from '../../core/ledger/hour-state.ts';
import { limits } from '../../core/limits/limits.ts';
import { parseHourName } from '../../core/log/log-key.ts';
import type { FiguresReader, UniquesOfDay } from './figures-reader.ts';
import type { QuarterRange } from './quarter-range.ts';

export interface FiguresQuestion {
  readonly range: QuarterRange;
  /** An empty list means all. The same holds for `affiliates` and `goals`. */
  readonly offers: readonly number[];
  readonly affiliates: readonly number[];
  readonly goals: readonly number[];
}

const { hoursAtOnce, readingsMax } = limits.report;

/**
 * Hands the rows of these hours to `take`, one hour after the other, in no order. Gives the states whose rows it took.
 * The rows of an hour are always those of one state. Throws a FiguresFailure.
 */
export async function readFigures(
  reader: FiguresReader,
  question: FiguresQuestion,
  states: ReadonlyMap<string, HourState>,
  take: (rows: readonly FiguresRow[]) => void,
): Promise<ReadonlyMap<string, HourState>> {
  const isMeant = meantBy(question);
  const taken = await inParallel([...states.values()], hoursAtOnce, async (state) => {
    const found = await rowsInForce(reader, state, question.range);
    take(found.rows.filter(isMeant));
    return found.state;
  });
  return new Map(taken.map((state) => [state.hour, state]));
}

/**
 * The unique visitors of these days, `2026-11-23`, for the question's offers and affiliates. Undefined unless every day
 * was counted in this time zone, from final hours.
 */
export async function readDayUniques(
  reader: FiguresReader,
  days: readonly string[],
  timeZone: string,
  { offers, affiliates }: Pick<FiguresQuestion, 'offers' | 'affiliates'>,
): Promise<readonly UniquesOfDay[] | undefined> {
  const found = await inParallel(days, hoursAtOnce, (day) => reader.uniquesOf(day));
  const known = found.filter((one) => one?.isWhole && one.timeZone === timeZone);
  if (known.length < days.length) return undefined;
  return (known as readonly UniquesOfDay[]).map((one) => ({
    ...one,
    uniques: one.uniques.filter(
      ({ offerId, affiliateId }) => isAsked(offers, offerId) && isAsked(affiliates, affiliateId),
    ),
  }));
}

/**
 * Hands out the rows of these days, `2026-11-23` in the network's time zone, that say what offers owe which pay each
 * visitor of a day once. Only the hours that the ledger has made final are in them. Throws a FiguresFailure.
 */
export async function readPayable(
  reader: FiguresReader,
  days: readonly string[],
  question: FiguresQuestion,
  take: (rows: readonly FiguresRow[]) => void,
): Promise<void> {
  const isMeant = meantBy(question);
  const { fromMs, toMs } = question.range;
  const isInRange = ({ key }: FiguresRow) => {
    const startMs = parseHourName(key.hour) + key.quarter * quarterMs;
    return startMs >= fromMs && startMs <= toMs;
  };
  await inParallel(days, hoursAtOnce, async (day) => {
    const found = await reader.uniquesOf(day);
    take((found?.payable ?? []).filter((row) => isMeant(row) && isInRange(row)));
  });
}

/** Figures that were replaced stay for a day. A reader that finds them gone reads the state again. */
async function rowsInForce(reader: FiguresReader, listed: HourState, range: QuarterRange) {
  const { hour } = listed;
  const hourStartMs = parseHourName(hour);
  const asked = Array.from({ length: quarterCount }, (_, quarter) => quarter).filter((quarter) => {
    const startMs = hourStartMs + quarter * quarterMs;
    return startMs >= range.fromMs && startMs <= range.toMs;
  });
  let state = listed;
  for (let reading = 1; reading <= readingsMax; reading += 1) {
    const rows = await reader.rowsOf(state, asked);
    if (rows !== undefined) return { state, rows };
    state = (await reader.hourStates([hour])).get(hour) ?? state;
  }
  throw reader.changing(`figures of ${hour}Z`);
}

/** Tells the rows that the question asks for, wherever they come from. */
export function meantBy({ offers, affiliates, goals }: Omit<FiguresQuestion, 'range'>) {
  return ({ key }: FiguresRow): boolean =>
    isAsked(offers, key.offerId) && isAsked(affiliates, key.affiliateId) && isAsked(goals, key.goalId);
}

function isAsked(ids: readonly number[], id: number): boolean {
  return ids.length === 0 || ids.includes(id);
}
