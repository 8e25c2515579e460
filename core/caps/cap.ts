import { minuteMs } from '../log/log-key.ts';
import { parseExactDecimal, toMicros } from '../money/decimal.ts';

/**
 * A cap limits what an offer, or an affiliate at an offer, may get in a day, in a month or ever. Days and months are
 * those of the network's time zone. Names are those of TUNE. Money is in millionths of the offer's currency.
 */

/** What a cap counts. Conversions and clicks are counts; payout and revenue are money. */
export const capMeasures = ['conversion', 'payout', 'revenue', 'click'] as const;
export type CapMeasure = (typeof capMeasures)[number];
export const capPeriods = ['daily', 'monthly', 'lifetime'] as const;
export type CapPeriod = (typeof capPeriods)[number];

/** `conversion_cap`, `monthly_conversion_cap`, `lifetime_conversion_cap`, and so on. */
export type CapName = `${'' | 'monthly_' | 'lifetime_'}${CapMeasure}_cap`;

export interface Cap {
  readonly name: CapName;
  readonly measure: CapMeasure;
  readonly period: CapPeriod;
  /** At least 1. A count, or money in millionths. */
  readonly limit: bigint;
}

/** `affiliateId` 0: the offer as a whole. */
export interface CapOwner {
  readonly offerId: number;
  readonly affiliateId: number;
}

/**
 * Caps as a catalog holds them. Counts are whole numbers, and money is a decimal in the offer's currency. 0 is the same
 * as none.
 */
export type CapFields = {
  readonly [Name in CapName]?: Name extends `${string}${'conversion' | 'click'}_cap` ? number : string;
};

export const capModes = ['soft', 'hard'] as const;
export const overCapWords = ['reject', 'pending'] as const;

export interface OfferCapFields extends CapFields {
  /** Absent = `soft`. */
  readonly cap_mode?: (typeof capModes)[number];
  /** Absent = `reject`. */
  readonly over_cap?: (typeof overCapWords)[number];
  /** Absent: conversions of the default goal alone count, in every measure. */
  readonly caps_count_goals?: boolean;
}

/** The caps of one offer, with those of single affiliates at it. */
export interface OfferCaps {
  /** `hard`: what is over a cap is not payable. `soft`: clicks are sent elsewhere, and what converts is paid. */
  readonly mode: (typeof capModes)[number];
  /** What becomes of conversions over a hard cap. */
  readonly overCap: (typeof overCapWords)[number];
  /** Whether conversions of all goals count. Otherwise those of the default goal alone. */
  readonly countsGoals: boolean;
  readonly own: readonly Cap[];
  readonly byAffiliate: ReadonlyMap<number, readonly Cap[]>;
}

/** What a name says, by name, in the order in which caps are listed and stamped. */
const kinds: ReadonlyMap<string, Omit<Cap, 'limit'>> = new Map(
  capMeasures.flatMap((measure) =>
    capPeriods.map((period) => {
      const name: CapName = `${period === 'daily' ? '' : (`${period}_` as const)}${measure}_cap`;
      return [name, { name, measure, period }] as const;
    }),
  ),
);

export const capNames: readonly CapName[] = [...kinds.values()].map(({ name }) => name);

export function isCapName(name: unknown): name is CapName {
  return typeof name === 'string' && kinds.has(name);
}

/** What a cap of this name counts, and in which period. */
export function capKindOf(name: CapName): Pick<Cap, 'measure' | 'period'> {
  // Every CapName is a key.
  return kinds.get(name) as Omit<Cap, 'limit'>;
}

export function isMoneyMeasure(measure: CapMeasure): boolean {
  return measure === 'payout' || measure === 'revenue';
}

const countShape = /^\d{1,9}$/;
const moneyShape = /^\d{1,9}(?:\.\d{1,6})?$/;

/** The cap of a name and a limit such as `100` or `12.50`. Undefined for other names and texts, and for the limit 0. */
export function capOf(name: string, limitText: string): Cap | undefined {
  const kind = kinds.get(name);
  if (kind === undefined) return undefined;
  const isMoney = isMoneyMeasure(kind.measure);
  const exact = (isMoney ? moneyShape : countShape).test(limitText) ? parseExactDecimal(limitText) : undefined;
  const limit = exact === undefined ? 0n : isMoney ? toMicros(exact) : exact.units;
  return limit > 0n ? { ...kind, limit } : undefined;
}

/** All caps that the fields give, in the order of `capNames`. */
export function capsOf(fields: CapFields): readonly Cap[] {
  return capNames.flatMap((name) => capOf(name, `${fields[name] ?? 0}`) ?? []);
}

/** The limit as `capOf` reads it: `100`, or `12.5` without needless zeros. */
export function limitText({ measure, limit }: Pick<Cap, 'measure' | 'limit'>): string {
  if (!isMoneyMeasure(measure)) return `${limit}`;
  const decimals = `${limit % microsOfOne}`.padStart(6, '0').replace(/0+$/, '');
  return `${limit / microsOfOne}${decimals === '' ? '' : `.${decimals}`}`;
}

const microsOfOne = 1_000_000n;

/** For example `3/0/conversion_cap` and `3/7/monthly_payout_cap`: unique in a catalog. */
export function capKey({ offerId, affiliateId }: CapOwner, name: CapName): string {
  return `${offerId}/${affiliateId}/${name}`;
}

/** The day of the network's time zone at a time, such as `2026-11-23` (core/config/time-zone.ts). */
export type DayOf = (timeMs: number) => string;

/** Which period of its kind a time is in: `2026-11-23`, `2026-11`, or `lifetime`. */
export function periodOf(period: CapPeriod, timeMs: number, dayOf: DayOf): string {
  if (period === 'lifetime') return period;
  return period === 'daily' ? dayOf(timeMs) : dayOf(timeMs).slice(0, '2026-11'.length);
}

/** The first ms of the period that a time is in. Minus infinity for `lifetime`. */
export function periodStartMs(period: CapPeriod, timeMs: number, dayOf: DayOf): number {
  if (period === 'lifetime') return Number.NEGATIVE_INFINITY;
  const within = Math.floor(timeMs / quarterMs);
  const own = periodOf(period, timeMs, dayOf);
  const before = within - longestQuarters[period];
  return firstWith((quarter) => periodOf(period, quarter * quarterMs, dayOf) === own, before, within) * quarterMs;
}

/** The first ms after the period that a time is in. Infinity for `lifetime`. */
export function periodEndMs(period: CapPeriod, timeMs: number, dayOf: DayOf): number {
  if (period === 'lifetime') return Number.POSITIVE_INFINITY;
  const within = Math.floor(timeMs / quarterMs);
  const own = periodOf(period, timeMs, dayOf);
  const after = within + longestQuarters[period];
  return firstWith((quarter) => periodOf(period, quarter * quarterMs, dayOf) !== own, within, after) * quarterMs;
}

/** Days of every zone begin at quarters of an hour of UTC. */
const quarterMs = 15 * minuteMs;
/** More than the longest day and the longest month have. */
const longestQuarters = { daily: 2 * 96, monthly: 33 * 96 } as const;

/** The first whole number after `from` that is `good`. `from` is not good, and all from the wanted one to `to` are. */
function firstWith(isGood: (value: number) => boolean, from: number, to: number): number {
  let [before, first] = [from, to];
  while (first - before > 1) {
    const middle = Math.floor((before + first) / 2);
    if (isGood(middle)) first = middle;
    else before = middle;
  }
  return first;
}
