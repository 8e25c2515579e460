import { inParallel } from '../core/in-parallel.ts';
import type { ListedSegment } from '../core/ledger/listing.ts';
import { parseLogKey } from '../core/log/log-key.ts';
import { openSegmentBytes } from '../core/log/segment.ts';
import type { Answer, Fetched, Log, StoredObject } from '../core/ports.ts';

/** One log as readers of segments see it. Each read ends within a budget of the log's own. */
export interface SegmentSource {
  readonly name: string;
  get(key: string): Promise<Fetched<StoredObject>>;
}

/** Where the segments of an hour are read, and how many of them at a time. */
export interface HourReading {
  /** The log that was listed. */
  readonly own: SegmentSource;
  /** The log that stands in for unreadable segments of `own`. */
  readonly other: SegmentSource;
  readonly readsAtOnceMax: number;
  /** When it says so, no further segment is read. */
  readonly isOver: () => boolean;
  readonly log: Pick<Log, 'error'>;
}

/** Why an hour was not read. */
type UnreadHour =
  | { readonly kind: 'time-over' }
  /** The answer of the listed log to the read of `key`. */
  | { readonly kind: 'failed'; readonly key: string; readonly answer: Answer };

/** `unreadable`: keys of segments that neither log holds in a readable state. */
export type HourRead = { readonly kind: 'read'; readonly unreadable: readonly string[] } | UnreadHour;

/**
 * Hands the unpacked bytes and the key of each segment to `onSegment`, in no order. Reads every segment or fails, unless
 * `onSegment` ends the reading.
 */
export async function readSegments(
  segments: readonly Pick<ListedSegment, 'key'>[],
  reading: HourReading,
  onSegment: (plain: Buffer, key: string) => 'go on' | 'stop',
): Promise<HourRead> {
  const unreadable: string[] = [];
  let failure: UnreadHour | undefined;
  let isStopped = false;
  await inParallel(segments, reading.readsAtOnceMax, async ({ key }) => {
    if (failure || isStopped) return;
    const read: OneRead = reading.isOver() ? { kind: 'time-over' } : await readFromLogs(key, reading);
    if (read.kind === 'time-over' || read.kind === 'failed') failure = read;
    else if (read.kind === 'unreadable') unreadable.push(key);
    else if (!isStopped) isStopped = onSegment(read.plain, key) === 'stop';
  });
  return failure ?? { kind: 'read', unreadable };
}

type OneRead = { readonly kind: 'plain'; readonly plain: Buffer } | { readonly kind: 'unreadable' } | UnreadHour;

async function readFromLogs(key: string, { own, other, log }: HourReading): Promise<OneRead> {
  const opened = await open(key, own);
  if (opened.kind !== 'faulty') return opened;
  log.error('a log holds what is no segment', { bucket: own.name, key, fault: opened.fault });
  const copy = await open(key, other);
  // An empty copy is a tombstone: an earlier release erased events there, and says nothing about this log's bytes.
  if (copy.kind === 'plain' && copy.plain.length > 0) return copy;
  // A log that does not answer counts as one without the segment: its region may never come back.
  log.error('neither log has a segment to be read', { key });
  return { kind: 'unreadable' };
}

type Opened =
  | { readonly kind: 'plain'; readonly plain: Buffer }
  | { readonly kind: 'faulty'; readonly fault: string }
  | Extract<UnreadHour, { kind: 'failed' }>;

async function open(key: string, source: SegmentSource): Promise<Opened> {
  const parsed = parseLogKey(key);
  if (parsed === undefined) return { kind: 'faulty', fault: 'not-a-segment' };
  const object = await source.get(key);
  if (object.kind === 'failed') return { kind: 'failed', key, answer: object.answer };
  const opened = openSegmentBytes(parsed, object.value.body);
  return opened.kind === 'plain' ? opened : { kind: 'faulty', fault: opened.reason };
}
