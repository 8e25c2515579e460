import { gunzipSync, gzipSync } from 'node:zlib';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import { digestOf } from './object-keys.ts';

/** Which unique visitors of a day are in force. One object for each day and region, written by compare-and-swap. */
export interface DayState {
  /** A day of the network's time zone, for example `2026-11-23`. */
  readonly day: string;
  readonly timeZone: string;
  readonly atMs: number;
  /** The digest over all visits that were counted. When it changes, the day is counted again. */
  readonly sources: string;
  /** The digest of the object with the uniques. */
  readonly uniques: string;
  /** Whether every hour of the day was final. */
  readonly isWhole: boolean;
}

/** Different visitors who clicked on an offer through an affiliate. */
export interface DayUniques {
  readonly offerId: number;
  readonly affiliateId: number;
  readonly visitors: number;
}

export function encodeDayState(state: DayState): Uint8Array {
  return Buffer.from(`${JSON.stringify({ v: 1, ...state }, undefined, 2)}\n`);
}

/** Undefined when the bytes are no state. */
export function parseDayState(bytes: Uint8Array): DayState | undefined {
  const value = parseObject(Buffer.from(bytes).toString());
  if (value?.['v'] !== 1) return undefined;
  const { v, ...state } = value;
  const isNamed = ['day', 'timeZone', 'sources', 'uniques'].every((name) => typeof state[name] === 'string');
  return isNamed && Number.isSafeInteger(state['atMs']) && typeof state['isWhole'] === 'boolean'
    ? (state as unknown as DayState)
    : undefined;
}

export interface UniquesObject {
  readonly digest: string;
  readonly gzip: Uint8Array;
}

/** NDJSON, one line for each offer and affiliate, in order. */
export function uniquesObject(uniques: readonly DayUniques[]): UniquesObject {
  const lines = uniques
    .toSorted((one, other) => one.offerId - other.offerId || one.affiliateId - other.affiliateId)
    .map(
      ({ offerId, affiliateId, visitors }) =>
        `${JSON.stringify({ offer_id: offerId, aff_id: affiliateId, day_unique_clicks: visitors })}\n`,
    );
  return { digest: digestOf(lines), gzip: gzipSync(lines.join('')) };
}

/** Undefined when the bytes are no such object. */
export function readUniquesObject(gzip: Uint8Array): readonly DayUniques[] | undefined {
  try {
    const text = gunzipSync(gzip, { maxOutputLength: limits.fold.objectBytesMax }).toString();
    const lines = text.split('\n').filter((line) => line !== '');
    const uniques = lines.map((line) => {
      const { offer_id: offerId, aff_id: affiliateId, day_unique_clicks: visitors } = parseObject(line) ?? {};
      return { offerId, affiliateId, visitors };
    });
    const isWhole = uniques.every((one) => Object.values(one).every(Number.isSafeInteger));
    return isWhole ? (uniques as unknown as readonly DayUniques[]) : undefined;
  } catch {
    return undefined;
  }
}
