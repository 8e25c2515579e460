import { limits } from '../limits/limits.ts';
import { digestOf } from './object-keys.ts';

/** The segments of one hour as listed in a log, in the order of their keys. */
export interface HourListing {
  readonly segments: readonly ListedSegment[];
  /** A digest over keys and etags. It changes exactly when the hour's objects change. */
  readonly digest: string;
  readonly sizeBytes: number;
}

export interface ListedSegment {
  readonly key: string;
  readonly etag: string;
  readonly sizeBytes: number;
}

export function hourListing(segments: readonly ListedSegment[]): HourListing {
  const digest = digestOf(segments.flatMap(({ key, etag }) => [key, etag]));
  return { segments, digest, sizeBytes: segments.reduce((sum, segment) => sum + segment.sizeBytes, 0) };
}

/** How many segments may be read at once, by their average size. */
export function readsAtOnce({ segments, sizeBytes }: HourListing): number {
  const { leastCount, mostCount, bytesMax } = limits.ledger.readsAtOnce;
  const fittingCount = Math.floor((bytesMax * segments.length) / Math.max(1, sizeBytes));
  return Math.min(mostCount, Math.max(leastCount, fittingCount));
}
