import { describe, expect, test } from 'vitest';
import { limits } from '../../core/limits.ts';

/** Budgets that follow one another must fit the time-out around them; a second is left for the work between the calls. */
const workMs = 1_000;

describe('the limits fit into each other', () => {
  test('store ends by itself: a put, then a debt refused by both regions', () => {
    const { putBudgetMs, owedBudgetMs, poisonMs, timeoutSeconds } = limits.store;
    const placingMs = putBudgetMs + 2 * owedBudgetMs;
    const buryingMs = poisonMs + owedBudgetMs;
    expect(Math.max(placingMs, buryingMs) + workMs).toBeLessThanOrEqual(timeoutSeconds * 1_000);
  });

  test('replay ends by itself: what is begun at its last moment is delivered, removed and released', () => {
    const { putBudgetMs, queueBudgetMs, runMs, timeoutSeconds } = limits.replay;
    const reserveMs = timeoutSeconds * 1_000 - runMs;
    // Removed when ten were done, and once more when the run closes.
    const drainMs = putBudgetMs + limits.store.owedBudgetMs + 2 * queueBudgetMs;
    const placingMs = limits.store.putBudgetMs + 2 * limits.store.owedBudgetMs;
    const buryingMs = limits.store.poisonMs + limits.store.owedBudgetMs;
    const rescueMs = queueBudgetMs + Math.max(placingMs, buryingMs) + queueBudgetMs;
    const repairMs = Math.max(limits.repair.listBudgetMs, limits.repair.copyBudgetMs);
    expect(Math.max(drainMs, rescueMs, repairMs) + workMs).toBeLessThanOrEqual(reserveMs);
  });

  test('what a run of replay holds stays its own until it has dealt with it', () => {
    const { putBudgetMs, queueBudgetMs, removeWaitMs, prefetchMax, windowMax } = limits.replay;
    const roundsAhead = Math.ceil(prefetchMax / windowMax) + 1;
    const heldMs = roundsAhead * putBudgetMs + removeWaitMs + queueBudgetMs;
    expect(heldMs).toBeLessThan(limits.queue.failureVisibilitySeconds * 1_000);
  });

  test('the largest segment fits a failure-queue message, and the longest line a segment', () => {
    const headerBytes = 1_000;
    const base64Bytes = 4 * Math.ceil(limits.segment.gzipBytesMax / 3);
    expect(base64Bytes + headerBytes).toBeLessThanOrEqual(limits.queue.messageBytesMax);
    expect(limits.event.lineBytesMax).toBeLessThan(limits.segment.gzipBytesMax);
  });

  test('a message comes back from store only after store has certainly ended', () => {
    expect(limits.queue.intakeVisibilitySeconds).toBeGreaterThanOrEqual(6 * limits.store.timeoutSeconds);
  });
});
