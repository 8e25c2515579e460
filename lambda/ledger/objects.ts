import { callOutcome, isStored } from '../../core/call-outcome.ts';
import type { HourListing, ListedSegment } from '../../core/ledger/listing.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourPrefix } from '../../core/log/log-key.ts';
import type { Bucket, Clock } from '../../core/ports.ts';
import { type ListingBounds, listHour, listWhole } from '../../eventlog/list-hour.ts';
import { putSegment } from '../../eventlog/put-segment.ts';
import { done, left, refused, type Step } from './steps.ts';

const { getBudgetMs, listBudgetMs, putBudgetMs, pagesMax } = limits.ledger;

const bounds: ListingBounds = { pagesMax, pageBudgetMs: listBudgetMs };

/** Every object whose key begins with `prefix`. */
export async function listObjects(bucket: Bucket, prefix: string): Promise<Step<readonly ListedSegment[]>> {
  const listed = await listWhole(bucket, prefix, bounds);
  return listed.kind === 'failed' ? refused(`cannot list ${prefix}`, listed.answer) : done(listed.value);
}

export async function listSegments(bucket: Bucket, hourStartMs: number): Promise<Step<HourListing>> {
  const listed = await listHour(bucket, hourStartMs, bounds);
  return listed.kind === 'failed'
    ? refused(`cannot list ${hourPrefix(hourStartMs)}`, listed.answer)
    : done(listed.value);
}

/** Undefined when there is no such object. */
export async function getObject(bucket: Bucket, key: string): Promise<Step<Uint8Array | undefined>> {
  const object = await bucket.get(key, getBudgetMs);
  if (object.kind === 'ok') return done(object.value.body);
  return callOutcome(object.answer) === 'missing' ? done(undefined) : refused(`cannot read ${key}`, object.answer);
}

/** The bytes of an object that must exist. */
export async function needObject(bucket: Bucket, key: string): Promise<Step<Uint8Array>> {
  const object = await getObject(bucket, key);
  if (object.kind === 'left') return object;
  return object.value === undefined ? left(`${key} is gone`) : done(object.value);
}

/** `exists`: the key was there before. For a key that names its content that is success too. */
export async function putObject(
  bucket: Bucket,
  key: string,
  bytes: Uint8Array,
  clock: Clock,
): Promise<Step<'written' | 'exists'>> {
  const answer = await putSegment(bucket, { key, gzip: bytes }, putBudgetMs, clock);
  if (!isStored(answer)) return refused(`cannot write ${key}`, answer);
  return done(callOutcome(answer) === 'exists' ? 'exists' : 'written');
}
