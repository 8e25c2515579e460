import { expect, test } from 'vitest';
import { TokenBucket } from '../../../local/http-api/token-bucket.ts';

function bucketAt(options: { perSecond: number; burst: number }) {
  let now = 1_000;
  const bucket = new TokenBucket({ ...options, nowMs: () => now });
  return {
    pass: (ms: number) => {
      now += ms;
    },
    /** How many of `count` requests are let in. */
    ask: (count: number) => Array.from({ length: count }, () => bucket.take()).filter(Boolean).length,
  };
}

test('a burst is let in whole, and what is above it is not', () => {
  expect(bucketAt({ perSecond: 10, burst: 5 }).ask(8)).toBe(5);
});

test('after a burst, as many are let in as the time since then brought back', () => {
  const { ask, pass } = bucketAt({ perSecond: 10, burst: 5 });
  ask(5);
  pass(99);
  expect(ask(1)).toBe(0);
  pass(1);
  expect(ask(2)).toBe(1);
  pass(300);
  expect(ask(9)).toBe(3);
});

test('a quiet time saves up no more than one burst', () => {
  const { ask, pass } = bucketAt({ perSecond: 10, burst: 5 });
  pass(60_000);
  expect(ask(60)).toBe(5);
});

test('a steady rate is let in for ever', () => {
  const { ask, pass } = bucketAt({ perSecond: 100, burst: 1 });
  const refused = Array.from({ length: 1_000 }, () => {
    pass(10);
    return ask(1);
  }).filter((letIn) => letIn === 0);
  expect(refused).toEqual([]);
});
