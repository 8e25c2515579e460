import type { HourListing } from '../../core/ledger/listing.ts';
import type { Manifest } from '../../core/ledger/manifest.ts';
import { segmentIdsKey } from '../../core/ledger/object-keys.ts';
import { countGone, segmentsObject } from '../../core/ledger/segments-object.ts';
import { getObject, putObject } from './objects.ts';
import { done, type LedgerPorts, type Step } from './steps.ts';

/** Puts an object with the ids of a revision's segments, and gives its key. */
export async function putSegmentIds(
  hourStartMs: number,
  listing: HourListing,
  { buckets, clock }: LedgerPorts,
): Promise<Step<string>> {
  const { digest, bytes } = segmentsObject(listing);
  const key = segmentIdsKey(hourStartMs, digest);
  const written = await putObject(buckets.home.bucket, key, bytes, clock);
  return written.kind === 'left' ? written : done(key);
}

/** Whether the log has exactly the segments of a revision, whatever these hold by now. */
export function hasSameSegments(hourStartMs: number, { segmentIds }: Manifest, listing: HourListing): boolean {
  return segmentIdsKey(hourStartMs, segmentsObject(listing).digest) === segmentIds;
}

/**
 * How many segments of a revision are gone from the log. When the object with their ids has expired, their number is
 * compared, which the table keeps as well.
 */
export async function goneSince(
  latest: Pick<Manifest, 'segments'> & Partial<Pick<Manifest, 'listing' | 'segmentIds'>>,
  listing: HourListing,
  { buckets }: LedgerPorts,
): Promise<Step<number>> {
  if (latest.listing === listing.digest) return done(0);
  const { segmentIds } = latest;
  const object = segmentIds === undefined ? done(undefined) : await getObject(buckets.home.bucket, segmentIds);
  if (object.kind === 'left') return object;
  const fewer = Math.max(0, latest.segments - listing.segments.length);
  return done(object.value === undefined ? fewer : countGone(object.value, listing));
}
