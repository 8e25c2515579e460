import { gunzipSync, gzipSync } from 'node:zlib';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import { encodeRows, parseRows } from './figures-object.ts';
import type { EnvironmentCount, FoldCounts, MergedEvents } from './merge-events.ts';

/** The object `clicks` of a minute: NDJSON, packed. The first line has the counts, each further line has a row. */
export type Clicks = Pick<MergedEvents, 'rows' | 'counts' | 'environments'>;

export function encodeClicks({ rows, counts, environments }: Clicks): Uint8Array {
  return gzipSync([`${JSON.stringify({ v: 1, counts, environments })}\n`, ...encodeRows(rows)].join(''));
}

/** Undefined when the bytes are no such object. */
export function readClicks(gzip: Uint8Array): Clicks | undefined {
  const text = unpacked(gzip);
  const end = text.indexOf('\n');
  const { v, counts, environments } = parseObject(text.slice(0, Math.max(0, end))) ?? {};
  const rows = parseRows(text.slice(end + 1));
  if (v !== 1 || !Array.isArray(environments) || rows === undefined) return undefined;
  return { rows, counts: counts as FoldCounts, environments: environments as readonly EnvironmentCount[] };
}

function unpacked(gzip: Uint8Array): string {
  try {
    return gunzipSync(gzip, { maxOutputLength: limits.fold.objectBytesMax }).toString();
  } catch {
    return '';
  }
}
