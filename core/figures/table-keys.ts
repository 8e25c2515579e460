import { limits } from '../limits/limits.ts';
import { hourMs } from '../log/log-key.ts';
import type { TableKey } from '../ports.ts';
import type { RowKey } from './row.ts';

/**
 * The keys of all items in the table of figures, and their expiry. `pk` and `sk` are the keys of the table;
 * `affiliate_pk` and `sk` are those of its index `by-affiliate`. So one query reads an offer, or an affiliate, with
 * hours in order.
 */

export const affiliateIndex = 'by-affiliate';

export interface RowNames extends TableKey {
  readonly affiliate_pk: string;
}

export function offerPk(offerId: number): string {
  return `offer#${offerId}`;
}

export function affiliatePk(affiliateId: number): string {
  return `affiliate#${affiliateId}`;
}

export function provisionalRowNames(key: RowKey): RowNames {
  return { ...ownersOf(key), sk: `${key.hour}#p#${restOf(key)}` };
}

/** `digest8`: the first 8 hex digits of the revision's rows digest, so that no reader mixes two revisions. */
export function finalRowNames(key: RowKey, digest8: string): RowNames {
  return { ...ownersOf(key), sk: `${key.hour}#f#${digest8}#${restOf(key)}` };
}

/** `day`: UTC, for example `2026-11-23`. */
export function dayUniquesNames(day: string, offerId: number, affiliateId: number): RowNames {
  return { pk: offerPk(offerId), sk: `${day}#u#${affiliateId}`, affiliate_pk: affiliatePk(affiliateId) };
}

function ownersOf({ offerId, affiliateId }: RowKey) {
  return { pk: offerPk(offerId), affiliate_pk: affiliatePk(affiliateId) };
}

function restOf({ affiliateId, goalId, region, currency }: RowKey): string {
  return `${affiliateId}#${goalId}#${region}#${currency}`;
}

/** The state of an hour that was made final (core/ledger/hour-state.ts). */
export function hourStateKey(hour: string): TableKey {
  return { pk: `hours#${hour.slice(0, 10)}`, sk: hour };
}

/** The marker which says that a chunk of a segment is counted. */
export function markerKey(hour: string, segmentId: string, chunk: number): TableKey {
  return { pk: `segments#${hour}`, sk: `${segmentId}#${chunk}` };
}

/** The directory of a day: the ids of all offers with rows, in the number set `offers`. */
export function directoryKey(day: string): TableKey {
  return { pk: `directory#${day}`, sk: 'offers' };
}

/** The provisional claim to a conversion key: which segment counted it. It expires. */
export function provisionalClaimKey(key: string): TableKey {
  return { pk: `conversion#${key}`, sk: 'conversion' };
}

/**
 * The first of all conversions of a key (`first_id`), as final figures count it. A separate item, as it never expires.
 */
export function firstConversionKey(key: string): TableKey {
  return { pk: `conversion#${key}`, sk: 'first' };
}

/** From which hours the unique visitors of a day were counted. */
export function dayStateKey(day: string): TableKey {
  return { pk: 'days', sk: day };
}

/** An hour that is to be made final again. */
export function reopenKey(hour: string): TableKey {
  return { pk: 'reopen', sk: hour };
}

export type RowSort =
  | { readonly kind: 'provisional'; readonly key: RowKey }
  | { readonly kind: 'final'; readonly digest8: string; readonly key: RowKey }
  | { readonly kind: 'day-uniques'; readonly day: string; readonly offerId: number; readonly affiliateId: number };

const rowSort = /^(\d{4}-\d{2}-\d{2}T\d{2})#(?:p|f#([0-9a-f]{8}))#(\d+)#(\d+)#([^#]*)#([^#]*)$/;
const uniquesSort = /^(\d{4}-\d{2}-\d{2})#u#(\d+)$/;
const offer = /^offer#(\d+)$/;

/** Reads the keys of a row. Undefined for keys that the functions above would not make. */
export function parseRowNames({ pk, sk }: TableKey): RowSort | undefined {
  const offerText = offer.exec(pk)?.[1];
  if (offerText === undefined) return undefined;
  const offerId = Number(offerText);
  const [, day, uniquesOf] = uniquesSort.exec(sk) ?? [];
  if (day !== undefined) return { kind: 'day-uniques', day, offerId, affiliateId: Number(uniquesOf) };
  const [, hour, digest8, affiliate, goal, region = '', currency = ''] = rowSort.exec(sk) ?? [];
  if (hour === undefined) return undefined;
  const key = { hour, offerId, affiliateId: Number(affiliate), goalId: Number(goal), region, currency };
  return digest8 === undefined ? { kind: 'provisional', key } : { kind: 'final', digest8, key };
}

const { provisionalDays } = limits.figures;

/**
 * When DynamoDB may delete a provisional item, in seconds since the epoch. The time follows from the hour and not from
 * the clock, so a marker or a claim never expires before the rows that it guards.
 */
export function expiresAtOf(hourStartMs: number): bigint {
  return BigInt((hourStartMs + provisionalDays * 24 * hourMs) / 1_000);
}
