import type { Rung } from '../../../core/capture/ladder.ts';
import type { SegmentCopy } from './segment-copies.ts';

/**
 * The way of an event into the log, as the writers of its segments' copies show it. The line itself cannot tell: it is
 * encoded before any rung is tried, and must be the same in every bucket.
 */
export interface Way {
  /** Rungs that took the event; none when they are unknown. */
  readonly rungs: readonly Rung[];
  /** Regions of these rungs: of the intake queue, or of the bucket. */
  readonly takenIn: readonly string[];
  /** Copies that did not come directly from a rung. */
  readonly detours: readonly Detour[];
}

export interface Detour {
  readonly kind: 'owed' | 'repaired' | 'stalled';
  /** The bucket's region. */
  readonly region: string;
  /** The region whose function brought it. */
  readonly by: string;
  readonly writtenAtMs: number;
}

type Written = Extract<SegmentCopy, { kind: 'there' }>;

/** `segments` has the copies of each segment that holds the event. */
export function wayOf(eventRegion: string, segments: readonly (readonly SegmentCopy[])[]): Way {
  const rungs = new Map<Rung, string>();
  const detours: Detour[] = [];
  for (const copies of segments) {
    const written = copies.filter((copy) => copy.kind === 'there');
    for (const copy of written) {
      const taken = takenBy(eventRegion, copy, written);
      if (taken) rungs.set(taken.rung, taken.region);
      const kind = detourOf(copy, written);
      if (kind && copy.writer) {
        detours.push({ kind, region: copy.region, by: copy.writer.region, writtenAtMs: copy.writtenAtMs });
      }
    }
  }
  return { rungs: [...rungs.keys()].sort(), takenIn: [...new Set(rungs.values())].sort(), detours };
}

/** A copy of `store`, or of `replay` for a stalled queue, comes from the intake queue of the writer's region. */
function takenBy(eventRegion: string, copy: Written, copies: readonly Written[]) {
  const { writer, region: bucketRegion } = copy;
  if (writer === undefined || writer.by === 'owed' || isRepair(copy, copies)) return undefined;
  const region = writer.by === 'track' ? bucketRegion : writer.region;
  const side = region === eventRegion ? 'home' : 'peer';
  return { rung: `${writer.by === 'track' ? 'bucket' : 'intake'}-${side}` as const, region };
}

function detourOf(copy: Written, copies: readonly Written[]): Detour['kind'] | undefined {
  if (copy.writer?.by === 'owed') return 'owed';
  if (isRepair(copy, copies)) return 'repaired';
  return copy.writer?.by === 'replay' ? 'stalled' : undefined;
}

/**
 * Repair is a task of `audit`, and was one of `replay` in earlier releases: then it copied what another writer had put
 * into one bucket. When `replay` takes from an intake queue, it writes to both buckets.
 */
function isRepair({ writer, region, writtenAtMs }: Written, copies: readonly Written[]): boolean {
  if (writer?.by === 'audit') return true;
  if (writer?.by !== 'replay') return false;
  return copies.some((other) => other.region !== region && !isRepairer(other) && other.writtenAtMs <= writtenAtMs);
}

function isRepairer({ writer }: Written): boolean {
  return writer?.by === 'replay' || writer?.by === 'audit';
}
