import { parseLogKey } from '../log/log-key.ts';
import type { HourListing } from './listing.ts';
import { digestOf } from './object-keys.ts';

/**
 * An object with the ids of the segments of a revision, 16 bytes each, in order. A mere count would not show that one
 * segment went and another came.
 */
export interface SegmentsObject {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

export function segmentsObject(listing: HourListing): SegmentsObject {
  const bytes = Buffer.concat(idsOf(listing).map((id) => Buffer.from(id, 'hex')));
  return { digest: digestOf([bytes]), bytes };
}

/** How many segments of the object `bytes` are missing in a listing. */
export function countGone(bytes: Uint8Array, listing: HourListing): number {
  const there = new Set(idsOf(listing));
  const text = Buffer.from(bytes).toString('hex');
  const ids = Array.from({ length: bytes.length / idBytes }, (_, index) =>
    text.slice(index * idDigits, (index + 1) * idDigits),
  );
  return ids.filter((id) => !there.has(id)).length;
}

const idBytes = 16;
const idDigits = 2 * idBytes;

function idsOf({ segments }: HourListing): readonly string[] {
  return segments.flatMap(({ key }) => parseLogKey(key)?.segmentId ?? []);
}
