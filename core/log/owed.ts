import { createHash } from 'node:crypto';
import { isLaterVersion } from '../event/event.ts';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import { type LogKey, logKey, parseLogKey } from './log-key.ts';
import { type SegmentFault, segmentFault } from './segment.ts';

/**
 * A message of a failure queue: a whole segment, ready to be written, and the bucket that still has to get it. The
 * message is one header line of JSON and then the base64 of the gzip, since SQS takes text only.
 */
export interface OwedSegment {
  readonly bucket: string;
  readonly key: string;
  readonly eventCount: number;
  readonly gzip: Uint8Array;
}

export function encodeOwedSegment({ bucket, key, eventCount, gzip }: OwedSegment): string {
  const header = JSON.stringify({ v: 1, bucket, key, events: eventCount, sum: sumOf(key, gzip) });
  return `${header}\n${Buffer.from(gzip.buffer, gzip.byteOffset, gzip.byteLength).toString('base64')}`;
}

type OwedFault =
  | SegmentFault
  | 'bad-header'
  | 'unknown-version'
  | 'other-bucket'
  | 'bad-key'
  | 'bad-base64'
  | 'other-sum';

export type DecodedOwedSegment =
  | { readonly kind: 'owed'; readonly owed: OwedSegment }
  /** A later release wrote the message. It has to wait for a reader of that release. */
  | { readonly kind: 'later' }
  | { readonly kind: 'poison'; readonly reason: OwedFault };

/** `bucket` is the bucket whose owed segments the queue holds. */
export function decodeOwedSegment(body: string, bucket: string): DecodedOwedSegment {
  const end = body.indexOf('\n');
  const header = parseHeader(body.slice(0, Math.max(end, 0)));
  if (header === 'later') return { kind: 'later' };
  if (typeof header === 'string') return { kind: 'poison', reason: header };
  if (header.bucket !== bucket) return { kind: 'poison', reason: 'other-bucket' };
  const key = parseLogKey(header.key);
  if (!key) return { kind: 'poison', reason: 'bad-key' };
  const gzip = decodeBase64(body.slice(end + 1));
  if (!gzip) return { kind: 'poison', reason: 'bad-base64' };
  if (gzip.length > limits.segment.gzipBytesMax) return { kind: 'poison', reason: 'too-large' };
  const fault = contentFault(header, key, gzip);
  if (fault) return { kind: 'poison', reason: fault };
  return { kind: 'owed', owed: { bucket, key: header.key, eventCount: header.events, gzip } };
}

/**
 * The writer of the message made the segment itself, so a matching sum proves that key and bytes are unchanged. A
 * message made by hand has no sum. Its segment is unpacked and checked against the key, which doubles the time of a
 * delivery.
 */
function contentFault({ sum }: Header, key: LogKey, gzip: Uint8Array): OwedFault | undefined {
  if (sum === undefined) return segmentFault(key, gzip);
  return sum === sumOf(logKey(key), gzip) ? undefined : 'other-sum';
}

function sumOf(key: string, gzip: Uint8Array): string {
  return createHash('sha256').update(key).update(gzip).digest('hex').slice(0, 32);
}

interface Header {
  readonly bucket: string;
  readonly key: string;
  readonly events: number;
  readonly sum: string | undefined;
}

function parseHeader(text: string): Header | OwedFault | 'later' {
  const header = parseObject(text);
  if (!header) return 'bad-header';
  const { v, bucket, key, events, sum } = header;
  if (isLaterVersion(v)) return 'later';
  if (v !== 1) return 'unknown-version';
  if (typeof bucket !== 'string' || typeof key !== 'string') return 'bad-header';
  if (typeof events !== 'number' || !Number.isSafeInteger(events) || events < 1) return 'bad-header';
  if (sum !== undefined && typeof sum !== 'string') return 'bad-header';
  return { bucket, key, events, sum };
}

/** `Buffer` skips characters that are not base64 instead of refusing them, so the lengths must agree. */
function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  return text.length > 0 && text.length % 4 === 0 && bytes.length === (text.length / 4) * 3 - padding
    ? bytes
    : undefined;
}
