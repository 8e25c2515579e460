import { gunzipSync, gzipSync } from 'node:zlib';
import { digestOf } from '../ledger/object-keys.ts';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import type { Counters, FiguresRow } from './row.ts';

/**
 * Rows of a quarter of an hour as an object: NDJSON with one row a line. The digest tells whether two regions have the
 * same figures.
 */
export interface FiguresObject {
  readonly digest: string;
  readonly gzip: Uint8Array;
}

/** `rows` come in the order of `RowSum`. */
export function figuresObject(rows: readonly FiguresRow[]): FiguresObject {
  const lines = encodeRows(rows);
  return { digest: digestOf(lines), gzip: gzipSync(lines.join('')) };
}

/** A line for each row. */
export function encodeRows(rows: readonly FiguresRow[]): readonly string[] {
  return rows.map((row) => `${encodeRow(row)}\n`);
}

/** Money is text, because its millionths can exceed the exact integers of JSON readers. */
function encodeRow({ key, counters }: FiguresRow): string {
  const { hour, quarter, offerId, affiliateId, goalId, region, currency } = key;
  const names = { hour, quarter, offer_id: offerId, aff_id: affiliateId, goal_id: goalId, region, currency };
  const fields: Record<string, string | number> = names;
  for (const [name, count] of Object.entries(counters)) fields[name] = isMoney(name) ? `${count}` : Number(count);
  return JSON.stringify(fields);
}

function isMoney(name: string): boolean {
  return name.endsWith('_micros');
}

/** Undefined when the bytes are no such object. */
export function readFiguresObject(gzip: Uint8Array): readonly FiguresRow[] | undefined {
  try {
    return parseRows(gunzipSync(gzip, { maxOutputLength: limits.fold.objectBytesMax }).toString());
  } catch {
    return undefined;
  }
}

/** Reads the lines of `encodeRows`. Undefined when one of them is no row. */
export function parseRows(text: string): readonly FiguresRow[] | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  const rows = lines.flatMap((line) => parseRow(line) ?? []);
  return rows.length === lines.length ? rows : undefined;
}

function parseRow(line: string): FiguresRow | undefined {
  const row = parseObject(line);
  const { hour, quarter, offer_id: offerId, aff_id: affiliateId, goal_id: goalId, region, currency } = row ?? {};
  const isNamed = [hour, region, currency].every((name) => typeof name === 'string');
  if (!isNamed || ![quarter, offerId, affiliateId, goalId].every(Number.isSafeInteger)) return undefined;
  const key = { hour, quarter, offerId, affiliateId, goalId, region, currency } as FiguresRow['key'];
  return { key, counters: countersOf(row ?? {}) };
}

/** Keeps counters of a later release. An earlier release that sums such rows then loses no counter. */
function countersOf(row: Readonly<Record<string, unknown>>): Counters {
  const { hour, quarter, offer_id, aff_id, goal_id, region, currency, ...counts } = row;
  const counters = Object.entries(counts).filter(([, count]) => /^-?\d+$/.test(`${count}`));
  return Object.fromEntries(counters.map(([name, count]) => [name, BigInt(count as string)])) as Counters;
}
