import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { hourName, hourPrefix, logKey } from '../../../core/log/log-key.ts';
import type { Bucket } from '../../../core/ports.ts';
import { createLedger } from '../../../lambda/ledger/ledger.ts';
import { createFunction } from '../../../simulation/world.ts';
import { sampleLine } from '../../sample-lines.ts';
import { home, worldWith } from '../world-view.ts';
import { early, later, put } from './ledger-view.ts';

const emptyKey = 'log/empty';

/** A log with more segments in one hour than a run can read, all of them empty. */
function withTooMany(hourStartMs: number, bucket: Bucket): Bucket {
  const prefix = hourPrefix(hourStartMs);
  const keys = Array.from({ length: limits.ledger.runSegmentsMax + 1 }, (_, index) =>
    logKey({ hourStartMs, segmentId: `${index}`.padStart(32, '0') }),
  );
  return {
    ...bucket,
    get: (key, budgetMs) => bucket.get(key.startsWith(prefix) ? emptyKey : key, budgetMs),
    list: async (listed, budgetMs, after) => {
      if (listed !== prefix) return bucket.list(listed, budgetMs, after);
      const from = after === undefined ? 0 : Number(after.slice(prefix.length, prefix.length + 32)) + 1;
      const page = keys.slice(from, from + 1_000);
      const next = from + 1_000 < keys.length ? { next: page.at(-1) ?? '' } : {};
      return { kind: 'ok', value: { keys: page, etags: page, sizesBytes: page.map(() => 20), ...next } };
    },
  };
}

test('an hour of more segments than a run can read does not keep a later one from being made final', async () => {
  const world = worldWith({ service: 's3', actions: ['GetObject'], effect: 'slow', delayMs: 4_900 });
  put(world, home, [sampleLine(1, later)]);
  world.regions[home].bucket.put(emptyKey, gzipSync(''));
  const { ledger } = createFunction({ world, home, functionName: 'ledger' });
  const { name, bucket } = ledger.buckets.home;
  const buckets = { ...ledger.buckets, home: { name, bucket: withTooMany(early, bucket) } };
  const run = createLedger({ ...ledger, buckets })({ task: 'close' }, limits.ledger.timeoutSeconds * 1_000);
  const { hours } = await world.time.until(run);
  expect(hours.find(({ hour }) => hour === hourName(later))).toMatchObject({ outcome: 'final', events: 1 });
  expect(hours.find(({ hour }) => hour === hourName(early))).toMatchObject({
    outcome: 'left',
    why: 'the time is over',
  });
});
