import { limits } from '../core/limits/limits.ts';
import type { Bucket, Clock } from '../core/ports.ts';

const { pagesMax, listBudgetMs } = limits.sequenceGaps;

/** All keys of one hour of a log; undefined when it cannot be listed, has too many, or `endMs` comes first. */
export async function listHour(
  bucket: Bucket,
  prefix: string,
  clock: Clock,
  endMs: number,
): Promise<ReadonlySet<string> | undefined> {
  const keys = new Set<string>();
  let after: string | undefined;
  for (let page = 0; page < pagesMax && clock.nowMs() < endMs; page += 1) {
    const listed = await bucket.list(prefix, listBudgetMs, after);
    if (listed.kind === 'failed') return undefined;
    for (const key of listed.value.keys) keys.add(key);
    after = listed.value.next;
    if (after === undefined) return keys;
  }
  return undefined;
}
