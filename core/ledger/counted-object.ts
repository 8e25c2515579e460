import { gunzipSync, gzipSync } from 'node:zlib';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import { digestOf } from './object-keys.ts';

/** Which conversion an hour counts under each key: NDJSON, by which the next revision tells which of them are gone. */
export interface CountedObject {
  readonly digest: string;
  readonly gzip: Uint8Array;
}

/** `counted`: ids by conversion key. */
export function countedObject(counted: ReadonlyMap<string, string>): CountedObject {
  const lines = [...counted].sort().map(([key, id]) => `${JSON.stringify({ conversion_key: key, id })}\n`);
  return { digest: digestOf(lines), gzip: gzipSync(lines.join('')) };
}

/** Undefined for what is no such object. */
export function readCounted(gzip: Uint8Array): ReadonlyMap<string, string> | undefined {
  const counted = new Map<string, string>();
  for (const line of linesIn(gzip)) {
    const { conversion_key: key, id } = parseObject(line) ?? {};
    if (typeof key !== 'string' || typeof id !== 'string') return undefined;
    counted.set(key, id);
  }
  return counted;
}

/** What cannot be unpacked is one line that says nothing. */
function linesIn(gzip: Uint8Array): readonly string[] {
  try {
    const text = gunzipSync(gzip, { maxOutputLength: limits.ledger.objectBytesMax }).toString();
    return text.split('\n').filter((line) => line !== '');
  } catch {
    return ['unreadable'];
  }
}
