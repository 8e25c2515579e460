import { parseLogKey } from '../log/log-key.ts';
import type { HourListing } from './listing.ts';
import { digestOf } from './object-keys.ts';

/**
 * Which segments a revision was made of: their ids, 16 bytes each, in order. Nothing but a count would not tell that one
 * of them is gone when another one came.
 */
export interface SegmentsObject {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

export function segmentsObject(listing: HourListing): SegmentsObject {
  const bytes = Buffer.concat(idsOf(listing).map((id) => Buffer.from(id, 'hex')));
  return { digest: digestOf([bytes]), bytes };
}

/** How many of the segments that `bytes` name a listing does not have. */
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
