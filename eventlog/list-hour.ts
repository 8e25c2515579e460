import type { ListedSegment } from '../core/ledger/listing.ts';
import { hourPrefix, parseLogKey } from '../core/log/log-key.ts';
import type { Bucket, Fetched } from '../core/ports.ts';

export interface ListingBounds {
  /** Of 1,000 keys each. */
  readonly pagesMax: number;
  readonly pageBudgetMs: number;
  /** When it says so, no further page is asked for. */
  readonly isOver?: () => boolean;
}

/** The segments of one hour of a log, in the order of their keys. An object under a foreign name is no part of the log. */
export async function listHour(
  bucket: Pick<Bucket, 'list'>,
  hourStartMs: number,
  bounds: ListingBounds,
): Promise<Fetched<readonly ListedSegment[]>> {
  const listed = await listWhole(bucket, hourPrefix(hourStartMs), bounds);
  if (listed.kind === 'failed') return listed;
  return { kind: 'ok', value: listed.value.filter(({ key }) => parseLogKey(key) !== undefined) };
}

/** Every object whose key begins with `prefix`, in the order of the keys. A listing that is not whole has failed. */
export async function listWhole(
  bucket: Pick<Bucket, 'list'>,
  prefix: string,
  { pagesMax, pageBudgetMs, isOver }: ListingBounds,
): Promise<Fetched<readonly ListedSegment[]>> {
  const objects: ListedSegment[] = [];
  let after: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    if (isOver?.()) return brokenOff('TimeIsOver');
    const listed = await bucket.list(prefix, pageBudgetMs, after);
    if (listed.kind === 'failed') return listed;
    const { keys, etags, sizesBytes, next } = listed.value;
    for (const [index, key] of keys.entries()) {
      objects.push({ key, etag: etags[index] ?? '', sizeBytes: sizesBytes[index] ?? 0 });
    }
    if (next === undefined) return { kind: 'ok', value: objects };
    after = next;
  }
  return brokenOff('TooManyObjects');
}

function brokenOff(code: string): Fetched<never> {
  return { kind: 'failed', answer: { status: 0, code } };
}
