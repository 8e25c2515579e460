import { gunzipSync, gzipSync } from 'node:zlib';
import { type CappedSale, decodeCapped, encodeCapped } from '../caps/capped.ts';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import { encodeRows, parseRows } from './figures-object.ts';
import type { MergedSales } from './merge-sales.ts';

/** The object `sales` of a minute: NDJSON, packed. The rows come first, and then the conversions with caps. */
export type Sales = Pick<MergedSales, 'rows' | 'capped'>;

export function encodeSales({ rows, capped }: Sales): Uint8Array {
  return gzipSync([...encodeRows(rows), ...capped.map((sale) => `${encodeCapped(sale)}\n`)].join(''));
}

/** Undefined when the bytes are no such object. */
export function readSales(gzip: Uint8Array): Sales | undefined {
  try {
    const text = gunzipSync(gzip, { maxOutputLength: limits.fold.objectBytesMax }).toString();
    const lines = text.split('\n').filter((line) => line !== '');
    const ofCaps = lines.filter((line) => line.startsWith(saleStart));
    const rows = parseRows(lines.slice(0, lines.length - ofCaps.length).join('\n'));
    const capped = ofCaps.flatMap((line) => (decodeCapped(parseObject(line)) as CappedSale | undefined) ?? []);
    return rows === undefined || capped.length < ofCaps.length ? undefined : { rows, capped };
  } catch {
    return undefined;
  }
}

/** `encodeCapped` writes the kind first. */
const saleStart = '{"kind":';
