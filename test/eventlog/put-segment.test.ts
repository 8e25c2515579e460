import { expect, test } from 'vitest';
import { limits } from '../../core/limits/limits.ts';
import type { Bucket } from '../../core/ports.ts';
import { putSegment } from '../../eventlog/put-segment.ts';
import { SimulatedTime } from '../../simulation/simulated-time.ts';
import { sampleSegments } from '../lambda/world-view.ts';

const conflict = { status: 409, code: 'ConditionalRequestConflict' };

/** Puts into a bucket that answers a conflict after so long, every time; gives what each attempt was granted. */
async function putAgainstConflicts(answerMs: number, budgetMs: number) {
  const clock = new SimulatedTime();
  const granted: number[] = [];
  const putIfAbsent: Bucket['putIfAbsent'] = async (_key, _body, attemptMs) => {
    granted.push(attemptMs);
    await clock.sleep(Math.min(answerMs, attemptMs));
    return conflict;
  };
  const [segment = { key: '', gzip: new Uint8Array() }] = sampleSegments(1);
  const answer = await clock.until(putSegment({ putIfAbsent }, segment, budgetMs, clock));
  return { answer, granted };
}

test('a conflict that lasts is asked again a few times and then handed on', async () => {
  const { answer, granted } = await putAgainstConflicts(0, 1_000);
  expect(answer).toEqual(conflict);
  expect(granted).toHaveLength(1 + limits.store.conflictRetriesMax);
});

test('all attempts together keep within the budget', async () => {
  expect((await putAgainstConflicts(600, 1_000)).granted).toEqual([1_000, 400]);
});
