import type { HourListing } from '../../core/ledger/listing.ts';
import type { Manifest } from '../../core/ledger/manifest.ts';
import { segmentIdsKey } from '../../core/ledger/object-keys.ts';
import { countGone, segmentsObject } from '../../core/ledger/segments-object.ts';
import { getObject, putObject } from './objects.ts';
import { done, type LedgerPorts, type Step } from './steps.ts';

/** Writes down which segments a revision is made of; gives the key of it. */
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

/** Whether the log has the very segments of a revision, whatever they hold by now. */
export function hasSameSegments(hourStartMs: number, { segmentIds }: Manifest, listing: HourListing): boolean {
  return segmentIdsKey(hourStartMs, segmentsObject(listing).digest) === segmentIds;
}

/**
 * How many segments of a revision are gone from the log. When its objects expired, and nothing says any more which they
 * were, their number does, which the table keeps as well.
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
