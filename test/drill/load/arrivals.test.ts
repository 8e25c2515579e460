import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededChance } from '../../../core/seeded-chance.ts';
import { arrivals } from '../../../drill/load/arrivals.ts';

const rate = fc.integer({ min: 0, max: 50 });
const plan = fc.record({
  load: fc.record({ clicks: rate, impressions: rate, conversions: rate }),
  durationMs: fc.integer({ min: 1_000, max: 20_000 }).map((ms) => ms - (ms % 1_000)),
  seed: fc.nat(),
});

describe('arrivals', () => {
  test('are as many as the rates say, in order and inside the duration', () => {
    fc.assert(
      fc.property(plan, ({ load, durationMs, seed }) => {
        const due = arrivals(load, durationMs, seededChance(seed));
        const count = (type: string) => due.filter((arrival) => arrival.type === type).length;
        const seconds = durationMs / 1_000;
        expect([count('click'), count('impression'), count('conversion')]).toEqual([
          load.clicks * seconds,
          load.impressions * seconds,
          load.conversions * seconds,
        ]);
        expect(due.every(({ atMs }, index) => atMs >= (due[index - 1]?.atMs ?? 0) && atMs <= durationMs)).toBe(true);
      }),
    );
  });

  test('with the same seed are the same', () => {
    const load = { clicks: 20, impressions: 3, conversions: 1 };
    expect(arrivals(load, 5_000, seededChance(4))).toEqual(arrivals(load, 5_000, seededChance(4)));
    expect(arrivals(load, 5_000, seededChance(4))).not.toEqual(arrivals(load, 5_000, seededChance(5)));
  });
});
