import { callOutcome, isStored } from '../../core/call-outcome.ts';
import { type HourListing, hourListing, type ListedSegment } from '../../core/ledger/listing.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourPrefix } from '../../core/log/log-key.ts';
import type { Bucket, Clock } from '../../core/ports.ts';
import { putSegment } from '../../eventlog/put-segment.ts';
import { done, left, refused, type Step } from './steps.ts';

const { getBudgetMs, listBudgetMs, putBudgetMs, pagesMax } = limits.ledger;

/** Everything whose key begins so; at most 1,000 pages of it, and nothing rather than a part. */
export async function listObjects(bucket: Bucket, prefix: string): Promise<Step<readonly ListedSegment[]>> {
  const objects: ListedSegment[] = [];
  let after: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const listed = await bucket.list(prefix, listBudgetMs, after);
    if (listed.kind === 'failed') return refused(`cannot list ${prefix}`, listed.answer);
    const { keys, etags, sizesBytes, next } = listed.value;
    for (const [index, key] of keys.entries()) {
      objects.push({ key, etag: etags[index] ?? '', sizeBytes: sizesBytes[index] ?? 0 });
    }
    if (next === undefined) return done(objects);
    after = next;
  }
  return left(`too much under ${prefix}`);
}

export async function listSegments(bucket: Bucket, hourStartMs: number): Promise<Step<HourListing>> {
  const listed = await listObjects(bucket, hourPrefix(hourStartMs));
  return listed.kind === 'left' ? listed : done(hourListing(listed.value));
}

/** Undefined when there is none. */
export async function getObject(bucket: Bucket, key: string): Promise<Step<Uint8Array | undefined>> {
  const object = await bucket.get(key, getBudgetMs);
  if (object.kind === 'ok') return done(object.value.body);
  return callOutcome(object.answer) === 'missing' ? done(undefined) : refused(`cannot read ${key}`, object.answer);
}

/** One that has to be there. */
export async function needObject(bucket: Bucket, key: string): Promise<Step<Uint8Array>> {
  const object = await getObject(bucket, key);
  if (object.kind === 'left') return object;
  return object.value === undefined ? left(`${key} is gone`) : done(object.value);
}

/** Whether it was there already, which is as good where a key names its content. */
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
