import { gunzipSync, gzipSync } from 'node:zlib';
import { decodeCapped, encodeCapped } from '../caps/capped.ts';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import { encodeRows, parseRows } from './figures-object.ts';
import type { CappedEffect, EnvironmentCount, FoldCounts, MergedEvents } from './merge-events.ts';

/**
 * The object `clicks` of a minute: NDJSON, packed. The first line has the counts, and the clicks with caps if there are
 * any. Each further line has a row.
 */
export type Clicks = Pick<MergedEvents, 'rows' | 'counts' | 'environments' | 'capped'>;

export function encodeClicks({ rows, counts, environments, capped }: Clicks): Uint8Array {
  const ofCaps = capped.length > 0 ? { capped: capped.map(written) } : {};
  return gzipSync([`${JSON.stringify({ v: 1, counts, environments, ...ofCaps })}\n`, ...encodeRows(rows)].join(''));
}

/** The minute follows from where the object is. */
function written(effect: CappedEffect): string {
  return encodeCapped({ ...effect, kind: 'clicks', minuteMs: 0 });
}

/** Undefined when the bytes are no such object. */
export function readClicks(gzip: Uint8Array): Clicks | undefined {
  const text = unpacked(gzip);
  const end = text.indexOf('\n');
  const { v, counts, environments, capped: lines = [] } = parseObject(text.slice(0, Math.max(0, end))) ?? {};
  const rows = parseRows(text.slice(end + 1));
  if (v !== 1 || !Array.isArray(environments) || !Array.isArray(lines) || rows === undefined) return undefined;
  const capped = lines.flatMap((line) => effectIn(`${line}`) ?? []);
  if (capped.length < lines.length) return undefined;
  return { rows, counts: counts as FoldCounts, environments: environments as readonly EnvironmentCount[], capped };
}

function effectIn(line: string): CappedEffect | undefined {
  const decoded = decodeCapped(parseObject(line));
  if (decoded?.kind !== 'clicks') return undefined;
  const { kind, minuteMs, ...effect } = decoded;
  return effect;
}

function unpacked(gzip: Uint8Array): string {
  try {
    return gunzipSync(gzip, { maxOutputLength: limits.fold.objectBytesMax }).toString();
  } catch {
    return '';
  }
}
