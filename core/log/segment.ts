import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { compareLines, compareTexts, parseLine } from '../event/event.ts';
import { isProbeId, probeId } from '../event/probe.ts';
import { uuidTimeMs } from '../event/uuid.ts';
import { limits } from '../limits/limits.ts';
import { hourStart, type LogKey, logKey } from './log-key.ts';

/**
 * A segment is one object with many events of one hour. Everything about it follows from its events: the same lines in
 * any order give the same id, the same key and the same content. So writing a segment twice is harmless.
 */
export interface Segment {
  /** The first 32 hex digits of the SHA-256 over the sorted event ids. */
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
 * Groups event lines into segments. `lines` are valid (`parseLine`), of any hours, at most `limits.event.lineBytesMax`
 * long each. Of several lines with one event id only the first by `compareLines` is kept.
 *
 * Each probe of the schedule gets a segment of its own. So its key depends on the probe alone (`probeKey`), not on the
 * events beside it. Segments are sorted by hour and by event id. Within an hour, the segments of probes come last.
 */
export function segmentsOf(lines: readonly string[]): readonly Segment[] {
  const sorted = lines.map((line) => ({ id: lineId(line), line })).sort(byIdThenLine);
  const distinct = sorted.filter((entry, index) => entry.id !== sorted[index - 1]?.id);
  return hoursOf(distinct).flatMap(([hourStartMs, entries]) =>
    groupsOf(entries).flatMap((group) => segmentsOfHour(hourStartMs, group)),
  );
}

const usualStart = '{"v":1,"id":"';
const uuidLength = 36;

/** The event id of a valid line. The line is parsed only when its keys are in an unusual order. */
export function lineId(line: string): string {
  if (line.startsWith(usualStart)) return line.slice(usualStart.length, usualStart.length + uuidLength);
  return (JSON.parse(line) as { id: string }).id;
}

function byIdThenLine(left: IdentifiedLine, right: IdentifiedLine): number {
  return compareTexts(left.id, right.id) || compareLines(left.line, right.line);
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

/** Groups of lines that share a segment, unless the segment gets too large. */
function groupsOf(entries: readonly IdentifiedLine[]): readonly (readonly IdentifiedLine[])[] {
  const probes = entries.filter(({ id }) => isProbeId(id));
  if (probes.length === 0) return [entries];
  const others = entries.filter(({ id }) => !isProbeId(id));
  return [...(others.length > 0 ? [others] : []), ...probes.map((probe) => [probe])];
}

/** Halves the lines until each part fits a message of a failure queue. A larger segment could not wait there. */
function segmentsOfHour(hourStartMs: number, entries: readonly IdentifiedLine[]): readonly Segment[] {
  const gzip = pack(entries);
  if (gzip.length <= limits.segment.gzipBytesMax || entries.length === 1) {
    const eventIds = entries.map(({ id }) => id);
    const id = segmentIdOf(eventIds);
    const key = logKey({ hourStartMs, segmentId: id });
    return [{ id, key, eventCount: eventIds.length, eventIds, gzip }];
  }
  const middle = Math.ceil(entries.length / 2);
  return [
    ...segmentsOfHour(hourStartMs, entries.slice(0, middle)),
    ...segmentsOfHour(hourStartMs, entries.slice(middle)),
  ];
}

function pack(entries: readonly IdentifiedLine[]): Uint8Array {
  return packLines(entries.map(({ line }) => line));
}

/** The bytes of a segment. `lines` are sorted by event id, each id once. */
export function packLines(lines: readonly string[]): Uint8Array {
  return gzipSync(lines.map((line) => `${line}\n`).join(''));
}

/** The key of the segment with exactly these events. */
function segmentKey(hourStartMs: number, sortedEventIds: readonly string[]): string {
  return logKey({ hourStartMs, segmentId: segmentIdOf(sortedEventIds) });
}

/** Where the probe of a region and a minute lies in every log. */
export function probeKey(region: string, minuteStartMs: number): string {
  return segmentKey(hourStart(minuteStartMs), [probeId(region, minuteStartMs)]);
}

function segmentIdOf(sortedEventIds: readonly string[]): string {
  return createHash('sha256').update(sortedEventIds.join('\n')).digest('hex').slice(0, 32);
}

export type SegmentFault = 'corrupt-gzip' | 'too-large' | 'other-content';

export type ReadSegment =
  | { readonly kind: 'read'; readonly lines: readonly string[] }
  | { readonly kind: 'unreadable'; readonly reason: SegmentFault };

/** The lines of a segment, unchecked. Never unpacks more than `limits.segment.plainBytesMax`. */
export function readSegment(gzip: Uint8Array): ReadSegment {
  const unpacked = unpack(gzip);
  if (unpacked.kind === 'unreadable') return unpacked;
  const lines = unpacked.plain.toString('utf8').split('\n');
  return { kind: 'read', lines: lines.filter((line) => line !== '') };
}

/**
 * Why these bytes are not the segment of this key; undefined when they are. A key keeps the first bytes ever written
 * under it, so wrong bytes would shut out the right ones for good.
 */
export function segmentFault(key: LogKey, gzip: Uint8Array): SegmentFault | undefined {
  const unpacked = unpack(gzip);
  return unpacked.kind === 'unreadable' ? unpacked.reason : contentFault(key, unpacked.plain);
}

/** Unpacks the object under a key and checks it. An empty object is a tombstone (erasure.ts), which is valid. */
export function openSegmentBytes(key: LogKey, gzip: Uint8Array): UnpackedSegment {
  const unpacked = unpack(gzip);
  if (unpacked.kind === 'unreadable' || unpacked.plain.length === 0) return unpacked;
  const reason = contentFault(key, unpacked.plain);
  return reason === undefined ? unpacked : { kind: 'unreadable', reason };
}

function contentFault({ hourStartMs, segmentId }: LogKey, plain: Buffer): SegmentFault | undefined {
  const ids = eventIdsOf(plain);
  // The segment id proves that the event ids are sorted, so it is enough to check the hour of the first and the last.
  const isOfHour = [ids[0], ids.at(-1)].every((id = '') => hourStart(uuidTimeMs(id)) === hourStartMs);
  return isOfHour && segmentIdOf(ids) === segmentId ? undefined : 'other-content';
}

const newline = 0x0a;

/** Reads the ids from the bytes. Making a string of every line would double the time of a check. */
function eventIdsOf(plain: Buffer): readonly string[] {
  const ids: string[] = [];
  for (let start = 0, end = 0; start < plain.length; start = end + 1) {
    end = plain.indexOf(newline, start);
    if (end < 0) end = plain.length;
    const head = plain.toString('latin1', start, Math.min(end, start + usualStart.length + uuidLength));
    ids.push(
      head.startsWith(usualStart) ? head.slice(usualStart.length) : foreignLineId(plain.toString('utf8', start, end)),
    );
  }
  return ids;
}

function foreignLineId(line: string): string {
  const parsed = parseLine(line);
  return parsed.kind === 'event' ? parsed.event.id : '';
}

export type UnpackedSegment =
  | { readonly kind: 'plain'; readonly plain: Buffer }
  | { readonly kind: 'unreadable'; readonly reason: SegmentFault };

/** Bytes unpacked at a time. Node's default of 16 KB doubles the time. */
const unpackBytes = 262_144;

function unpack(gzip: Uint8Array): UnpackedSegment {
  try {
    return {
      kind: 'plain',
      plain: gunzipSync(gzip, { maxOutputLength: limits.segment.plainBytesMax, chunkSize: unpackBytes }),
    };
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return { kind: 'unreadable', reason: tooLarge ? 'too-large' : 'corrupt-gzip' };
  }
}
