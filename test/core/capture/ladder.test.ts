import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterFailure, afterSuccess } from '../../../core/capture/damping.ts';
import {
  homeFirst,
  isDamped,
  type LadderState,
  orderPairs,
  orderRungs,
  pairBudgetMs,
  peerFirst,
  type Rung,
  rungBudgetMs,
  substituteBucket,
  untriedLadder,
  withoutBucket,
} from '../../../core/capture/ladder.ts';
import { limits } from '../../../core/limits/limits.ts';

const now = 1_000_000;
const { clickBudgetMs, dampedProbeIntervalMs, dampingMs } = limits.capture;

const bucketsFirst: readonly Rung[] = ['bucket-home', 'bucket-peer', 'intake-home', 'intake-peer'];

function failed(state: LadderState, ...names: Rung[]): LadderState {
  return names.reduce((sum, rung) => afterFailure(sum, rung, now), state);
}

describe('the order of rungs', () => {
  test('is the preferred one while all rungs are well', () => {
    expect(orderRungs(homeFirst, untriedLadder, now)).toEqual(homeFirst);
    expect(orderRungs(peerFirst, untriedLadder, now)).toEqual(peerFirst);
  });

  test('moves a rung that failed lately to the end', () => {
    const state = failed(untriedLadder, 'intake-home');
    expect(orderRungs(homeFirst, state, now)).toEqual(['intake-peer', 'bucket-home', 'bucket-peer', 'intake-home']);
  });

  test('is the preferred one again when the damping is over', () => {
    const state = failed(untriedLadder, 'intake-home', 'intake-peer');
    expect(orderRungs(homeFirst, state, now + dampingMs)).toEqual(homeFirst);
  });

  test('is the preferred one again at once after a success', () => {
    const state = afterSuccess(failed(untriedLadder, 'intake-home'), 'intake-home');
    expect(orderRungs(homeFirst, state, now)).toEqual(homeFirst);
  });

  test('has the kind that failed most recently first when all rungs failed, because it had the least time', () => {
    const queuesLast = afterFailure(failed(untriedLadder, ...homeFirst), 'intake-peer', now + 1);
    expect(orderRungs(homeFirst, queuesLast, now + 1)).toEqual(homeFirst);
    const bucketsLast = afterFailure(queuesLast, 'bucket-home', now + 2);
    expect(orderRungs(homeFirst, bucketsLast, now + 2)).toEqual(bucketsFirst);
    expect(orderRungs(peerFirst, bucketsLast, now + 2)).toEqual([
      ...bucketsFirst.slice(0, 2),
      ...peerFirst.slice(0, 2),
    ]);
  });
});

describe('the probe of a damped rung', () => {
  test('comes once a second and no more often', () => {
    let state = failed(untriedLadder, 'intake-home');
    const probed: number[] = [];
    for (let atMs = now; atMs < now + 5_000; atMs += 100) {
      if (orderRungs(homeFirst, state, atMs)[0] !== 'intake-home') continue;
      probed.push(atMs - now);
      state = afterFailure(state, 'intake-home', atMs);
    }
    expect(probed).toEqual([1_000, 2_000, 3_000, 4_000]);
  });

  test('takes turns when several rungs are damped', () => {
    let state = failed(untriedLadder, 'intake-home', 'intake-peer');
    const firsts = [1, 2, 3, 4].map((second) => {
      const atMs = now + second * dampedProbeIntervalMs;
      const [first] = orderRungs(homeFirst, state, atMs);
      if (first !== undefined) state = afterFailure(state, first, atMs);
      return first;
    });
    expect(firsts).toEqual(['intake-home', 'intake-peer', 'intake-home', 'intake-peer']);
  });

  test('is not spent on a rung behind rungs that are well', () => {
    const state = failed(untriedLadder, 'bucket-home');
    const order = orderRungs(homeFirst, state, now + dampedProbeIntervalMs);
    expect(order).toEqual(['intake-home', 'intake-peer', 'bucket-peer', 'bucket-home']);
  });
});

const anyState = fc
  .array(fc.tuple(fc.constantFrom(...homeFirst), fc.integer({ min: 0, max: 20_000 })))
  .map((failures): LadderState => new Map(failures));
const anyTime = fc.integer({ min: 20_000, max: 40_000 });
const anyPreference = fc.constantFrom(homeFirst, peerFirst);

test('whatever happened before, every rung is tried exactly once', () => {
  fc.assert(
    fc.property(anyPreference, anyState, anyTime, (preference, state, nowMs) => {
      expect([...orderRungs(preference, state, nowMs)].sort()).toEqual([...homeFirst].sort());
    }),
  );
});

test('whatever happened before, at most one damped rung stands before one that is well', () => {
  fc.assert(
    fc.property(anyPreference, anyState, anyTime, (preference, state, nowMs) => {
      const order = orderRungs(preference, state, nowMs);
      const lastWell = order.findLastIndex((rung) => !isDamped(state, rung, nowMs));
      const before = order.slice(0, Math.max(lastWell, 0)).filter((rung) => isDamped(state, rung, nowMs));
      expect(before.length).toBeLessThanOrEqual(1);
    }),
  );
});

describe('the bucket instead of a queue', () => {
  test.each([
    ['intake-home', 'bucket-peer'],
    ['intake-peer', 'bucket-home'],
  ] as const)(
    'for a conversion that only %s took is %s, unless that bucket failed lately or is skipped',
    (queue, bucket) => {
      expect(substituteBucket(homeFirst, untriedLadder, [queue], now)).toBe(bucket);
      const state = failed(untriedLadder, bucket);
      expect(substituteBucket(homeFirst, state, [queue], now)).toBeUndefined();
      expect(substituteBucket(homeFirst, state, [queue], now + dampingMs)).toBe(bucket);
      const skipped = bucket === 'bucket-home' ? 'home' : 'peer';
      expect(substituteBucket(withoutBucket(homeFirst, skipped), untriedLadder, [queue], now)).toBeUndefined();
    },
  );

  test('is not used when both regions or only a bucket took the conversion', () => {
    for (const taken of [homeFirst.slice(0, 2), ['bucket-home'], ['bucket-peer'], []] as const) {
      expect(substituteBucket(homeFirst, untriedLadder, taken, now)).toBeUndefined();
    }
  });
});

/** What each rung gets when every one before it used all it had. */
function budgetsWhenAllHang(order: readonly Rung[]): number[] {
  let leftMs: number = clickBudgetMs;
  return order.map((rung, index) => {
    const budgetMs = rungBudgetMs(rung, order.slice(index + 1), leftMs);
    leftMs -= budgetMs;
    return budgetMs;
  });
}

describe('the budget of a rung', () => {
  test('is 250 ms at home and 300 ms at the peer, and the buckets share what is left, when all hang', () => {
    expect(budgetsWhenAllHang(homeFirst)).toEqual([250, 300, 50, 100]);
  });

  test('is enough for a bucket to open a connection when its turn comes first', () => {
    expect(budgetsWhenAllHang(bucketsFirst)).toEqual([300, 250, 50, 100]);
  });

  test('gives the buckets more when the queues refuse at once', () => {
    expect(rungBudgetMs('bucket-home', ['bucket-peer'], 690)).toBe(limits.capture.bucketBudgetMs);
  });

  test('is never more than what is left, and all of them together are never more than the whole', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...homeFirst], { minLength: 4 }),
        fc.integer({ min: -50, max: 2_000 }),
        (order, leftMs) => {
          const [first, ...after] = order;
          if (first === undefined) return;
          const budgetMs = rungBudgetMs(first, after, leftMs);
          expect(budgetMs).toBeGreaterThanOrEqual(0);
          expect(budgetMs).toBeLessThanOrEqual(Math.max(leftMs, 0));
          const allMs = budgetsWhenAllHang(order);
          expect(allMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(clickBudgetMs);
          expect(Math.min(...allMs)).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('the order of pairs', () => {
  const queues = ['intake-home', 'intake-peer'];
  const buckets = ['bucket-home', 'bucket-peer'];

  test('has the queues first while one of them is well', () => {
    expect(orderPairs(homeFirst, untriedLadder, now)).toEqual([queues, buckets]);
    expect(orderPairs(homeFirst, failed(untriedLadder, 'intake-home'), now)).toEqual([queues, buckets]);
  });

  test('has the buckets first when both queues failed lately, but for the probe', () => {
    const state = failed(untriedLadder, 'intake-home', 'intake-peer');
    expect(orderPairs(homeFirst, state, now)).toEqual([buckets, queues]);
    expect(orderPairs(homeFirst, state, now + dampedProbeIntervalMs)).toEqual([queues, buckets]);
  });

  test('has the pair that failed most recently first when no rung is well', () => {
    const bucketsLast = failed(untriedLadder, ...homeFirst);
    expect(orderPairs(homeFirst, bucketsLast, now)).toEqual([buckets, queues]);
    expect(orderPairs(homeFirst, afterFailure(bucketsLast, 'intake-home', now + 1), now)).toEqual([queues, buckets]);
  });

  test('has one bucket alone while the other is skipped, and every other rung as before', () => {
    const usable = withoutBucket(homeFirst, 'home');
    expect(orderPairs(usable, untriedLadder, now)).toEqual([queues, ['bucket-peer']]);
    expect(orderRungs(usable, failed(untriedLadder, 'intake-home'), now)).toEqual([
      'intake-peer',
      'bucket-peer',
      'intake-home',
    ]);
    expect(withoutBucket(peerFirst, undefined)).toEqual(peerFirst);
  });

  test('leaves the second pair its time', () => {
    expect(pairBudgetMs(false, 1_500)).toBe(900);
    expect(pairBudgetMs(true, 600)).toBe(600);
    expect(pairBudgetMs(true, -3)).toBe(0);
  });
});
