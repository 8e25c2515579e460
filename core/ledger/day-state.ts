import { gunzipSync, gzipSync } from 'node:zlib';
import { encodeRows, parseRows } from '../figures/figures-object.ts';
import type { FiguresRow } from '../figures/row.ts';
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
  /** The digest of the object with the uniques, and with what is paid for them. */
  readonly uniques: string;
  /** Whether every hour of the day was final. */
  readonly isWhole: boolean;
  /** What hard caps change. Absent when the day has nothing that they are stamped on. */
  readonly caps?: DayCapsState;
}

export interface DayCapsState {
  /** The digest over all that was counted. It also covers earlier days, whose sums longer caps begin with. */
  readonly sources: string;
  /** The digest of the object (core/caps/day-caps.ts). */
  readonly object: string;
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

/** The visitors of a day, or of one part of them. */
export interface CountedDay {
  readonly uniques: readonly DayUniques[];
  /** Rows with `payable_clicks` and their money: what offers owe that pay each visitor of a day once. */
  readonly payable: readonly FiguresRow[];
}

export interface UniquesObject {
  readonly digest: string;
  readonly gzip: Uint8Array;
}

/** NDJSON: one line for each offer and affiliate, in order, and then the rows. */
export function uniquesObject({ uniques, payable }: CountedDay): UniquesObject {
  const owners = uniques
    .toSorted((one, other) => one.offerId - other.offerId || one.affiliateId - other.affiliateId)
    .map(
      ({ offerId, affiliateId, visitors }) =>
        `${JSON.stringify({ offer_id: offerId, aff_id: affiliateId, day_unique_clicks: visitors })}\n`,
    );
  const lines = [...owners, ...encodeRows(payable)];
  return { digest: digestOf(lines), gzip: gzipSync(lines.join('')) };
}

/** Undefined when the bytes are no such object. */
export function readUniquesObject(gzip: Uint8Array): CountedDay | undefined {
  try {
    const text = gunzipSync(gzip, { maxOutputLength: limits.fold.objectBytesMax }).toString();
    const lines = text.split('\n').filter((line) => line !== '');
    const owners = lines.filter((line) => line.includes('"day_unique_clicks"'));
    const payable = parseRows(lines.slice(owners.length).join('\n'));
    const uniques = owners.map((line) => {
      const { offer_id: offerId, aff_id: affiliateId, day_unique_clicks: visitors } = parseObject(line) ?? {};
      return { offerId, affiliateId, visitors };
    });
    const isWhole = uniques.every((one) => Object.values(one).every(Number.isSafeInteger));
    return isWhole && payable ? { uniques: uniques as unknown as readonly DayUniques[], payable } : undefined;
  } catch {
    return undefined;
  }
}
