import { expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import type { Delivery } from '../../../core/postbacks/delivery-state.ts';
import type { PostbackOutcome } from '../../../core/postbacks/outcome.ts';
import { afterAttempt, retriedByHand } from '../../../core/postbacks/retry-schedule.ts';
import { delivery } from './sample-deliveries.ts';

const failed: PostbackOutcome = { kind: 'failed', why: 'status', status: 500, ms: 20 };
const { retryPausesSeconds, retryAfterSecondsMax } = limits.postbacks;

test('eight attempts fail: seven pauses that grow, and then the delivery has failed', () => {
  let now = delivery(1);
  const pauses: number[] = [];
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    const nowMs = now.dueAtMs;
    now = afterAttempt(now, failed, nowMs);
    if (now.status === 'due') pauses.push((now.dueAtMs - nowMs) / 1_000);
  }
  expect(pauses).toEqual(retryPausesSeconds);
  expect(now).toMatchObject({ status: 'failed', attempts: 8, changes: 8, last: 'status 500' });
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(86_400);
});

test('a partner can make us wait longer, by at most a day, and never shorter', () => {
  const pauseAfter = (one: Delivery, retryAfterSeconds: number) =>
    afterAttempt(one, { ...failed, retryAfterSeconds } as PostbackOutcome, 0).dueAtMs / 1_000;
  expect([1, 600, 1_000_000].map((seconds) => pauseAfter(delivery(1), seconds))).toEqual([
    retryPausesSeconds[0],
    600,
    retryAfterSecondsMax,
  ]);
});

test('a delivered postback is not tried again, unless an operator asks for it', () => {
  const done = afterAttempt(delivery(1), { kind: 'delivered', status: 204, ms: 1 }, 5);
  expect(done).toMatchObject({ status: 'delivered', last: 'delivered 204', lastAtMs: 5 });
  expect(retriedByHand(done, 9)).toMatchObject({ status: 'due', attempts: 0, dueAtMs: 9, changes: 2 });
});
