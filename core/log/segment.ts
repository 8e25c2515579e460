import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { compareLines, compareTexts, parseLine } from '../event/event.ts';
import { isProbeId, probeId } from '../event/probe.ts';
import { uuidTimeMs } from '../event/uuid.ts';
import { limits } from '../limits/limits.ts';
import { hourStart, type LogKey, logKey } from './log-key.ts';

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
 * with the same event id the first by `compareLines` is kept. Each probe of the schedule gets a segment of its own, so that its key
 * does not hang on its company. Segments come sorted by hour, those of probes last in theirs, and by event id.
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

/** The event id of a valid line; parsed only when another writer ordered the keys differently. */
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

/** What shares a segment, as far as its size allows. */
function groupsOf(entries: readonly IdentifiedLine[]): readonly (readonly IdentifiedLine[])[] {
  const probes = entries.filter(({ id }) => isProbeId(id));
  if (probes.length === 0) return [entries];
  const others = entries.filter(({ id }) => !isProbeId(id));
  return [...(others.length > 0 ? [others] : []), ...probes.map((probe) => [probe])];
}

/** Halves until each part fits a failure-queue message: a size over which segments could not be owed would lose them. */
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

/** Where the segment of exactly these events lies. */
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

/** The lines of a segment's bytes, not checked further; never unpacks more than `limits.segment.plainBytesMax`. */
export function readSegment(gzip: Uint8Array): ReadSegment {
  const unpacked = unpack(gzip);
  if (unpacked.kind === 'unreadable') return unpacked;
  const lines = unpacked.plain.toString('utf8').split('\n');
  return { kind: 'read', lines: lines.filter((line) => line !== '') };
}

/**
 * What is wrong with bytes that lie under this key or are to be put there; undefined when nothing is. A key keeps the
 * first bytes ever written under it, so wrong ones would shut out the right ones for good.
 */
export function segmentFault(key: LogKey, gzip: Uint8Array): SegmentFault | undefined {
  const unpacked = unpack(gzip);
  return unpacked.kind === 'unreadable' ? unpacked.reason : contentFault(key, unpacked.plain);
}

/** What lies under a key, unpacked and checked; a tombstone holds nothing, and is no fault. */
export function openSegmentBytes(key: LogKey, gzip: Uint8Array): Unpacked {
  const unpacked = unpack(gzip);
  if (unpacked.kind === 'unreadable' || unpacked.plain.length === 0) return unpacked;
  const reason = contentFault(key, unpacked.plain);
  return reason === undefined ? unpacked : { kind: 'unreadable', reason };
}

function contentFault({ hourStartMs, segmentId }: LogKey, plain: Buffer): SegmentFault | undefined {
  const ids = eventIdsOf(plain);
  // The id covers the order too, so the first and the last are of the hour only if all are.
  const isOfHour = [ids[0], ids.at(-1)].every((id = '') => hourStart(uuidTimeMs(id)) === hourStartMs);
  return isOfHour && segmentIdOf(ids) === segmentId ? undefined : 'other-content';
}

const newline = 0x0a;

/** Reads the ids out of the bytes: making a string of every line would double what checking a segment costs. */
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

export type Unpacked =
  | { readonly kind: 'plain'; readonly plain: Buffer }
  | { readonly kind: 'unreadable'; readonly reason: SegmentFault };

/** Unpacked at a time: Node's own 16 KB cost as much again as the unpacking. */
const unpackBytes = 262_144;

function unpack(gzip: Uint8Array): Unpacked {
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
