import { beforeEach, describe, expect, test } from 'vitest';
import type { HourState } from '../../../core/ledger/hour-state.ts';
import { hourMs, parseHourName } from '../../../core/log/log-key.ts';
import { ofFresherRegion } from '../../../operator/figures/fresher-region.ts';
import { FiguresDouble } from './figures-double.ts';

const hours = ['2026-11-23T04', '2026-11-23T05'] as const;
const [closed, running] = hours;
const nowMs = parseHourName(running) + hourMs / 2;

let [east, west] = [new FiguresDouble('us-east-1'), new FiguresDouble('us-west-2')];
beforeEach(() => {
  [east, west] = [new FiguresDouble('us-east-1'), new FiguresDouble('us-west-2')];
});

function provisional(segments: number, agoMs: number): Partial<HourState> {
  return { revision: 0, cause: 'provisional', segments, foldedToMs: nowMs - agoMs };
}

function chosen(of: readonly FiguresDouble[] = [east, west]) {
  const readers = of.map((one) => one.reader());
  return ofFresherRegion(readers, hours, async ({ reader }) => reader.region);
}

async function regionOf(): Promise<string> {
  const made = await chosen();
  return made.kind === 'ok' ? `${made.value}${made.reasons.length > 0 ? `: ${made.reasons.join('; ')}` : ''}` : 'none';
}

describe('the figures are those of', () => {
  test('the first region, when both have counted everything', async () => {
    for (const one of [east, west]) one.count(closed, []);
    east.count(running, [], provisional(7, 60_000));
    west.count(running, [], provisional(8, 1_000));
    expect(await regionOf()).toBe('us-east-1');
  });

  test('the other region, when the first one cannot be read', async () => {
    east.answer = { status: 503, code: 'ServiceUnavailable' };
    expect(await regionOf()).toBe('us-west-2: the figures of us-east-1 cannot be read (503 ServiceUnavailable)');
  });

  test('the other region, when the first one has stood still', async () => {
    east.count(closed, [], provisional(3, 5_000_000));
    west.count(closed, []);
    west.count(running, [], provisional(8, 1_000));
    expect(await regionOf()).toBe(
      'us-west-2: the figures of us-east-1 are behind those of us-west-2 in 2 hours (2026-11-23T04Z, 2026-11-23T05Z)',
    );
  });

  test('the first region while its final hours differ from provisional ones of the other', async () => {
    east.count(closed, []);
    west.count(closed, [], provisional(9, 0));
    expect(await regionOf()).toBe('us-east-1');
  });

  test('the first region when it has the same segments, however long ago it counted them', async () => {
    east.count(running, [], provisional(8, 900_000));
    west.count(running, [], provisional(8, 1_000));
    expect(await regionOf()).toBe('us-east-1');
  });

  test('the first region in the first minutes of an hour that only the other one has begun to count', async () => {
    west.count(running, [], { ...provisional(1, 0), foldedToMs: parseHourName(running) + 60_000 });
    expect(await regionOf()).toBe('us-east-1');
  });

  test('the region that is less behind when each lacks something', async () => {
    east.count(closed, [], provisional(1, 5_000_000));
    east.count(running, [], provisional(1, 900_000));
    west.count(closed, []);
    west.count(running, [], provisional(9, 0));
    expect(await regionOf()).toMatch(/^us-west-2/);
    east.count(closed, []);
    west.count(closed, [], provisional(1, 5_000_000));
    west.count(running, [], provisional(1, 900_000));
    east.count(running, [], provisional(9, 0));
    expect(await regionOf()).toBe('us-east-1');
  });

  test('the other region when the first one breaks down while it is read', async () => {
    const readers = [east, west].map((one) => one.reader());
    const made = await ofFresherRegion(readers, hours, async ({ reader }) => {
      east.answer = { status: 0, code: 'Timeout' };
      await reader.hourStates(hours);
      return reader.region;
    });
    expect(made).toEqual({
      ...{ kind: 'ok', value: 'us-west-2' },
      reasons: ['the figures of us-east-1 cannot be read (no answer in time)'],
    });
  });

  test('no region, when none can be read', async () => {
    for (const one of [east, west]) one.answer = { status: 0, code: 'Timeout' };
    const reasons = ['us-east-1', 'us-west-2'].map((one) => `the figures of ${one} cannot be read (no answer in time)`);
    expect(await chosen()).toEqual({ kind: 'failed', reasons });
  });
});
