import { gunzipSync, gzipSync } from 'node:zlib';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import { digestOf } from './object-keys.ts';

/**
 * An object with the conversion that an hour counts for each conversion key, as NDJSON. From it the next revision tells
 * which of these conversions have gone from the log.
 */
export interface CountedObject {
  readonly digest: string;
  readonly gzip: Uint8Array;
}

/** `counted`: event ids by conversion key. */
export function countedObject(counted: ReadonlyMap<string, string>): CountedObject {
  const lines = [...counted].sort().map(([key, id]) => `${JSON.stringify({ conversion_key: key, id })}\n`);
  return { digest: digestOf(lines), gzip: gzipSync(lines.join('')) };
}

/** Undefined when the bytes are no such object. */
export function readCounted(gzip: Uint8Array): ReadonlyMap<string, string> | undefined {
  const counted = new Map<string, string>();
  for (const line of linesIn(gzip)) {
    const { conversion_key: key, id } = parseObject(line) ?? {};
    if (typeof key !== 'string' || typeof id !== 'string') return undefined;
    counted.set(key, id);
  }
  return counted;
}

/** Bytes that cannot be unpacked give one invalid line. */
function linesIn(gzip: Uint8Array): readonly string[] {
  try {
    const text = gunzipSync(gzip, { maxOutputLength: limits.ledger.objectBytesMax }).toString();
    return text.split('\n').filter((line) => line !== '');
  } catch {
    return ['unreadable'];
  }
}
