import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeHourState } from '../../../../core/ledger/hour-state.ts';
import { hourStateKey } from '../../../../core/ledger/object-keys.ts';
import { hourMs, hourName, hourStart } from '../../../../core/log/log-key.ts';
import { sampleMs } from '../../../sample-lines.ts';
import { state } from '../../figures/figures-double.ts';
import { east, type SmallCloud, startSmallCloud } from '../../small-cloud.ts';

let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
});
afterEach(() => cloud.close());

test('a report of very many hours says how far it is', async () => {
  for (let hours = 0; hours < 1_000; hours += 1) {
    const startMs = hourStart(sampleMs) - hours * hourMs;
    cloud.buckets[east].put(hourStateKey(startMs), encodeHourState(state(hourName(startMs))));
  }
  const { progress } = await cloud.run(`report --from 1000h --region ${east}`);
  expect(progress).toEqual(['1000 hours of figures to read', '1000 of 1000 hours of figures read']);
});
