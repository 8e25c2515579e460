import { limits } from '../limits/limits.ts';

/** A segment as a log lists it. */
export interface ListedSegment {
  readonly key: string;
  readonly etag: string;
  readonly sizeBytes: number;
}

/** How many segments may be read at once, by their average size. */
export function readsAtOnce(segments: readonly ListedSegment[]): number {
  const { leastCount, mostCount, bytesMax } = limits.fold.readsAtOnce;
  const sizeBytes = segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
  const fittingCount = Math.floor((bytesMax * segments.length) / Math.max(1, sizeBytes));
  return Math.min(mostCount, Math.max(leastCount, fittingCount));
}
