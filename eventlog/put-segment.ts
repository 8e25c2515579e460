import { callOutcome } from '../core/call-outcome.ts';
import { limits } from '../core/limits/limits.ts';
import type { Answer, Bucket, Clock } from '../core/ports.ts';

/**
 * Writes under a key that keeps its first bytes. While another conditional write of the key is in progress, S3 answers
 * with a conflict and asks to try again: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html.
 * All attempts together end within `budgetMs`.
 */
export async function putSegment(
  bucket: Pick<Bucket, 'putIfAbsent'>,
  { key, gzip }: { readonly key: string; readonly gzip: Uint8Array },
  budgetMs: number,
  clock: Clock,
): Promise<Answer> {
  const endMs = clock.nowMs() + budgetMs;
  let answer = await bucket.putIfAbsent(key, gzip, budgetMs);
  for (let retry = 1; retry <= limits.store.conflictRetriesMax; retry += 1) {
    const leftMs = endMs - clock.nowMs();
    if (callOutcome(answer) !== 'conflict' || leftMs <= 0) break;
    answer = await bucket.putIfAbsent(key, gzip, leftMs);
  }
  return answer;
}
