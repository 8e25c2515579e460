import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';

/** Budgets that follow one another must fit the time-out around them; a second is left for the work between the calls. */
const workMs = 1_000;
/** Both copies of a switch. */
const switchMs = 2 * limits.switches.readBudgetMs;

describe('the limits fit into each other', () => {
  test('store ends by itself: a switch that hangs, a put, then a refusal by both failure queues', () => {
    const { putBudgetMs, owedBudgetMs, poisonMs, timeoutSeconds } = limits.store;
    const placingMs = putBudgetMs + 2 * owedBudgetMs;
    const settingAsideMs = poisonMs + owedBudgetMs;
    expect(switchMs + Math.max(placingMs, settingAsideMs) + workMs).toBeLessThanOrEqual(timeoutSeconds * 1_000);
  });

  test('replay ends by itself: what is begun at its last moment is delivered, removed and released', () => {
    const { putBudgetMs, queueBudgetMs, runMs, reserveMs, timeoutSeconds } = limits.replay;
    expect(runMs + reserveMs).toBeLessThanOrEqual(timeoutSeconds * 1_000);
    // Removed when ten were done, and once more when the run closes.
    const drainMs = putBudgetMs + limits.store.owedBudgetMs + 2 * queueBudgetMs;
    const placingMs = limits.store.putBudgetMs + 2 * limits.store.owedBudgetMs;
    const settingAsideMs = limits.store.poisonMs + limits.store.owedBudgetMs;
    const stalledIntakeMs = queueBudgetMs + switchMs + Math.max(placingMs, settingAsideMs) + queueBudgetMs;
    expect(Math.max(drainMs, stalledIntakeMs) + workMs).toBeLessThanOrEqual(reserveMs);
  });

  test('audit ends by itself: what is begun at its last moment is listed, copied or read', () => {
    const { audit, repair, checkProbes } = limits;
    const longestMs = Math.max(...[repair, repair.recent, repair.far, checkProbes].map(({ runMs }) => runMs));
    expect(longestMs + audit.reserveMs).toBeLessThanOrEqual(audit.timeoutSeconds * 1_000);
    const repairMs = switchMs + Math.max(repair.listBudgetMs, repair.copyBudgetMs);
    expect(Math.max(repairMs, checkProbes.getBudgetMs) + workMs).toBeLessThanOrEqual(audit.reserveMs);
  });

  test('messages that a run of replay received stay invisible until the run has handled them', () => {
    const { putBudgetMs, queueBudgetMs, removeWaitMs, prefetchMax, windowMax } = limits.replay;
    const roundsAhead = Math.ceil(prefetchMax / windowMax) + 1;
    const heldMs = roundsAhead * putBudgetMs + removeWaitMs + queueBudgetMs;
    expect(heldMs).toBeLessThan(limits.queue.failureVisibilitySeconds * 1_000);
  });

  test('nothing looks back farther than the log is kept, so that no expired segment is copied back', () => {
    const { ledger, repair, eventLog } = limits;
    const daysBack = [ledger.sweep.days, repair.far.hoursMax / 24];
    expect(Math.max(...daysBack)).toBeLessThan(eventLog.retentionDaysMin - 1);
  });

  test('the ledger looks back no farther than what it folded is kept', () => {
    expect(limits.ledger.sweep.days).toBeLessThan(limits.fold.keptDays);
  });

  test('repair looks back farther than a skip can last, and farther than a failure queue keeps a message', () => {
    const { far, hoursMax, intervalSeconds } = limits.repair;
    const spareHours = far.hoursMax - far.intervalSeconds / 3_600;
    expect(spareHours).toBeGreaterThanOrEqual(limits.switches.skipHoursMax + hoursMax);
    expect(spareHours).toBeGreaterThanOrEqual(limits.queue.retentionSeconds / 3_600);
    expect(limits.alarms.repairBehindHours * 3_600 * 8).toBeLessThanOrEqual(hoursMax * intervalSeconds);
  });

  test('each run of repair ends before the next run of its task begins', () => {
    const { repair, audit } = limits;
    for (const { runMs, intervalSeconds } of [repair, repair.recent, repair.far])
      expect(runMs + audit.reserveMs).toBeLessThan(intervalSeconds * 1_000);
  });

  test('a receive that waits for messages ends within its budget', () => {
    const { queueBudgetMs } = limits.replay;
    expect(limits.queue.receiveWaitSeconds * 1_000).toBeLessThan(queueBudgetMs / 2);
  });

  test('the largest segment fits a failure-queue message, and the longest line a segment', () => {
    const headerBytes = 1_000;
    const base64Bytes = 4 * Math.ceil(limits.segment.gzipBytesMax / 3);
    expect(base64Bytes + headerBytes).toBeLessThanOrEqual(limits.queue.messageBytesMax);
    expect(limits.event.lineBytesMax).toBeLessThan(limits.segment.gzipBytesMax);
  });

  test('a health check is answered in time by an environment that has yet to start, whatever hangs', () => {
    const { clickBudgetMs } = limits.capture;
    const { refreshWaitMs, switchWaitMs, answerMs } = limits.health;
    const startMs = limits.track.loadMs + limits.track.initWaitMs;
    // The network between API Gateway and the function is left a tenth of a second.
    expect(startMs + Math.max(clickBudgetMs, refreshWaitMs, switchWaitMs) + 100).toBeLessThanOrEqual(answerMs);
    expect(limits.catalog.patienceMs).toBeLessThan(limits.track.initWaitMs / 2);
  });

  test('a switch that is set is in force within 10 s, also by way of its other copy', () => {
    expect(limits.switches.refreshIntervalMs + switchMs + workMs).toBeLessThan(10_000);
  });

  test('segments owed to a skipped bucket are delivered days before they expire', () => {
    const { retentionSeconds } = limits.queue;
    const spareSeconds = retentionSeconds - limits.switches.skipHoursMax * 3_600;
    expect(spareSeconds).toBeGreaterThanOrEqual(limits.alarms.expiryLeastSeconds);
  });

  test('a message comes back from store only after store has certainly ended (the window comes on top)', () => {
    expect(limits.queue.intakeVisibilitySeconds).toBeGreaterThanOrEqual(6 * limits.store.timeoutSeconds);
  });
});
