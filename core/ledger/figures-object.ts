import { gunzipSync, gzipSync } from 'node:zlib';
import type { Counters, FiguresRow } from '../figures/row.ts';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import { digestOf } from './object-keys.ts';

/**
 * An hour's final rows as an object: NDJSON with one row a line. The two regions' figures are compared by the digest.
 */
export interface FiguresObject {
  readonly digest: string;
  readonly gzip: Uint8Array;
}

/** `rows` come in the order of `RowSum`. */
export function figuresObject(rows: readonly FiguresRow[]): FiguresObject {
  const lines = rows.map((row) => `${encodeRow(row)}\n`);
  return { digest: digestOf(lines), gzip: gzipSync(lines.join('')) };
}

/** Money is text, because its millionths can exceed the exact integers of JSON readers. */
function encodeRow({ key, counters }: FiguresRow): string {
  const counts = Object.entries(counters).map(([name, count]) => [name, isMoney(name) ? `${count}` : Number(count)]);
  const { hour, offerId, affiliateId, goalId, region, currency } = key;
  const names = { hour, offer_id: offerId, aff_id: affiliateId, goal_id: goalId, region, currency };
  return JSON.stringify({ ...names, ...Object.fromEntries(counts) });
}

function isMoney(name: string): boolean {
  return name.endsWith('_micros');
}

/** Undefined when the bytes are no such object. */
export function readFiguresObject(gzip: Uint8Array): readonly FiguresRow[] | undefined {
  const text = unpacked(gzip);
  const rows = text
    ?.split('\n')
    .filter((line) => line !== '')
    .map(parseRow);
  return rows?.every((row) => row !== undefined) ? rows : undefined;
}

function unpacked(gzip: Uint8Array): string | undefined {
  try {
    return gunzipSync(gzip, { maxOutputLength: limits.ledger.objectBytesMax }).toString();
  } catch {
    return undefined;
  }
}

function parseRow(line: string): FiguresRow | undefined {
  const row = parseObject(line);
  const { hour, offer_id: offerId, aff_id: affiliateId, goal_id: goalId, region, currency } = row ?? {};
  const isNamed = [hour, region, currency].every((name) => typeof name === 'string');
  if (!isNamed || ![offerId, affiliateId, goalId].every(Number.isSafeInteger)) return undefined;
  const key = { hour, offerId, affiliateId, goalId, region, currency } as FiguresRow['key'];
  return { key, counters: countersOf(row ?? {}) };
}

/** Keeps counters of a later release, so that bringing its rows into force does not lose them. */
function countersOf(row: Readonly<Record<string, unknown>>): Counters {
  const { hour, offer_id, aff_id, goal_id, region, currency, ...counts } = row;
  const counters = Object.entries(counts).filter(([, count]) => /^\d+$/.test(`${count}`));
  return Object.fromEntries(counters.map(([name, count]) => [name, BigInt(count as string)])) as Counters;
}
