import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { limits } from './limits.ts';
import { hourStart, logKey } from './log-key.ts';
import { uuidTimeMs } from './uuid.ts';

/**
 * A segment is many events of one hour in one object. Everything about it follows from its events: whoever joins the
 * same lines, in whatever order, gets the same id, the same key and the same lines, so that writing it twice is harmless.
 */
export interface Segment {
  /** First 32 hex digits of the SHA-256 over its sorted event ids. */
  readonly id: string;
  readonly key: string;
  readonly eventCount: number;
  /** Sorted. */
  readonly eventIds: readonly string[];
  /** NDJSON, sorted by event id, each id once. */
  readonly gzip: Uint8Array;
}

interface IdentifiedLine {
  readonly id: string;
  readonly line: string;
}

/**
 * `lines` are valid event lines (`parseLine`) of any hours, at most `limits.event.lineBytesMax` long each. Of lines
 * with the same event id the smallest is kept. Segments come sorted by hour and event id.
 */
export function segmentsOf(lines: readonly string[]): readonly Segment[] {
  const sorted = lines.map((line) => ({ id: lineId(line), line })).sort(byIdThenLine);
  const distinct = sorted.filter((entry, index) => entry.id !== sorted[index - 1]?.id);
  return hoursOf(distinct).flatMap(([hourStartMs, entries]) => segmentsOfHour(hourStartMs, entries));
}

const usualStart = '{"v":1,"id":"';

/** The event id of a valid line; parsed only when another writer ordered the keys differently. */
export function lineId(line: string): string {
  if (line.startsWith(usualStart)) return line.slice(usualStart.length, usualStart.length + 36);
  return (JSON.parse(line) as { id: string }).id;
}

function byIdThenLine(left: IdentifiedLine, right: IdentifiedLine): number {
  return compare(left.id, right.id) || compare(left.line, right.line);
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function hoursOf(entries: readonly IdentifiedLine[]): readonly (readonly [number, readonly IdentifiedLine[]])[] {
  const hours = new Map<number, IdentifiedLine[]>();
  for (const entry of entries) {
    const hour = hourStart(uuidTimeMs(entry.id));
    const sameHour = hours.get(hour);
    if (sameHour) sameHour.push(entry);
    else hours.set(hour, [entry]);
  }
  return [...hours];
}

/** Halves until each part fits a failure-queue message: a size over which segments could not be owed would lose them. */
function segmentsOfHour(hourStartMs: number, entries: readonly IdentifiedLine[]): readonly Segment[] {
  const plain = Buffer.from(entries.map(({ line }) => `${line}\n`).join(''), 'utf8');
  const gzip = plain.length > limits.segment.plainBytesMax ? undefined : gzipSync(plain);
  if (gzip && (gzip.length <= limits.segment.gzipBytesMax || entries.length === 1)) {
    const eventIds = entries.map(({ id }) => id);
    const id = segmentId(eventIds);
    return [{ id, key: logKey({ hourStartMs, segmentId: id }), eventCount: eventIds.length, eventIds, gzip }];
  }
  const middle = Math.ceil(entries.length / 2);
  return [
    ...segmentsOfHour(hourStartMs, entries.slice(0, middle)),
    ...segmentsOfHour(hourStartMs, entries.slice(middle)),
  ];
}

function segmentId(sortedEventIds: readonly string[]): string {
  return createHash('sha256').update(sortedEventIds.join('\n')).digest('hex').slice(0, 32);
}

export type ReadSegment =
  | { readonly kind: 'read'; readonly lines: readonly string[] }
  | { readonly kind: 'unreadable'; readonly reason: 'corrupt-gzip' | 'too-large' };

/** The lines of a segment's bytes, not checked further; never unpacks more than `limits.segment.plainBytesMax`. */
export function readSegment(gzip: Uint8Array): ReadSegment {
  try {
    const text = gunzipSync(gzip, { maxOutputLength: limits.segment.plainBytesMax }).toString('utf8');
    return { kind: 'read', lines: text.split('\n').filter((line) => line !== '') };
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return { kind: 'unreadable', reason: tooLarge ? 'too-large' : 'corrupt-gzip' };
  }
}
