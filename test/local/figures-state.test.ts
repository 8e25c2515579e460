import { beforeEach, expect, test } from 'vitest';
import { encodeHourState } from '../../core/ledger/hour-state.ts';
import { hourStateKey } from '../../core/ledger/object-keys.ts';
import { parseHourName } from '../../core/log/log-key.ts';
import { countedHours } from '../../local/figures-state.ts';
import { BucketModel } from '../../local/model/bucket.ts';
import { memoryBucketStore } from '../../local/model/bucket-store.ts';
import { SimulatedTime } from '../../simulation/simulated-time.ts';
import { state } from '../operator/figures/figures-double.ts';

const nowMs = Date.UTC(2026, 10, 23, 6, 30);

let bucket: BucketModel;
beforeEach(() => {
  const time = new SimulatedTime(nowMs);
  bucket = new BucketModel({ name: 'log', versioned: true, time, store: memoryBucketStore() });
});

function put(...made: Parameters<typeof state>): void {
  bucket.put(hourStateKey(parseHourName(made[0])), encodeHourState(state(...made)));
}

test('hours come newest first, with what is in force of each', () => {
  const counted = { segments: 12, events: 1_950, atMs: 1_700, foldedToMs: 1_600 };
  put('2026-11-22T23', counted);
  put('2026-11-23T05', { ...counted, revision: 2, cause: 'late' });
  put('2026-11-23T06', { ...counted, revision: 0, cause: 'provisional' });
  expect(countedHours(bucket, nowMs)).toEqual([
    { hour: '2026-11-23T06', revision: 0, cause: 'provisional', ...counted, isOver: false },
    { hour: '2026-11-23T05', revision: 2, cause: 'late', ...counted, isOver: true },
    { hour: '2026-11-22T23', revision: 1, cause: 'closed', ...counted, isOver: true },
  ]);
});

test('hours that nothing is known of, and those of long ago, are left out', () => {
  put('2026-11-22T06');
  bucket.put(hourStateKey(parseHourName('2026-11-23T05')), Buffer.from('of a later release'));
  expect(countedHours(bucket, nowMs)).toEqual([]);
});
