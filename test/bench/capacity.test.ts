import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { capacityReport } from '../../bench/capacity/capacity.ts';
import { costsAt, sumOf } from '../../bench/capacity/costs.ts';
import { type Inputs, prices, quotas } from '../../bench/capacity/inputs.ts';
import { batchesOf, loadNames, weathers } from '../../bench/capacity/loads.ts';
import { measured } from '../../bench/capacity/measured.ts';
import { brokenAt, quotasAt } from '../../bench/capacity/quotas.ts';
import { targets } from '../../bench/capacity/targets.ts';
import { figure, textTable, usd } from '../../bench/capacity/text-table.ts';
import { limits } from '../../core/limits/limits.ts';

const inputs: Inputs = { prices, quotas, measured };

describe('the tables of docs/deploy.md', () => {
  test('are the output of `npm run bench -- capacity`', () => {
    const guide = readFileSync('docs/deploy.md', 'utf8');
    const [, shown] = /<!-- capacity: .*? -->\n([\s\S]*?)<!-- end of capacity -->/.exec(guide) ?? [];
    expect(shown?.trim()).toBe(capacityReport(inputs).join('\n').trim());
  });

  test('are calculated for the window that `store` usually has', () => {
    expect(measured.storeWindowSeconds).toBe(limits.store.windowSeconds.usual);
  });
});

describe('batches of an event source mapping', () => {
  test('end with the window while events are few, and each poller waits for its first one', () => {
    const { perSecond, eventsEach } = batchesOf(40, 2, 5, 3_900);
    expect(perSecond).toBeCloseTo(5 / 2.125);
    expect(eventsEach).toBeCloseTo(17);
  });

  test('are full before the window ends while events are many', () => {
    expect(batchesOf(50_000, 10, 5, 4_000)).toEqual({ perSecond: 12.5, eventsEach: 4_000 });
  });
});

describe('costs', () => {
  test('of writes at the smallest load follow from the prices of the calls', () => {
    const twice = { ...prices, usdPerMillion: { ...prices.usdPerMillion, s3Write: 2 * prices.usdPerMillion.s3Write } };
    const writes = (of: Inputs) => costsAt('small', 'good weather', of).storing.writes;
    expect(writes({ ...inputs, prices: twice })).toBeCloseTo(2 * writes(inputs));
  });

  test.each(loadNames)('at %s are greater while the peer hangs', (load) => {
    const [good = 0, bad = 0] = weathers.map((weather) => sumOf(costsAt(load, weather, inputs).storing));
    expect(bad).toBeGreaterThan(good);
  });
});

test('a limit that a load passes is named, the one that breaks at the lowest load first', () => {
  const broken = brokenAt(quotasAt('beyond', 'the peer hangs', inputs));
  const shares = broken.map(({ needed, byDefault }) => needed / byDefault);
  expect(shares.length).toBeGreaterThan(2);
  expect(shares).toEqual(shares.toSorted((one, other) => other - one));
  expect(shares.every((share) => share > 1)).toBe(true);
});

test('a target that is not reached says so', () => {
  const slow = targets({ ...inputs, measured: { ...measured, statsEventMicros: 1_000 } });
  expect(slow.find(({ says }) => says.startsWith('catching up'))?.isMet).toBe(false);
});

describe('numbers in the tables', () => {
  test.each([
    [0, '0'],
    [0.012_345, '0.0123'],
    [1.5, '1.5'],
    [41.2, '41.2'],
    [12_345, '12,300'],
  ])('%d has three digits that count: %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });

  test.each([
    [0.003, '0.0030'],
    [2, '2.00'],
    [12_345.678, '12,345.68'],
  ])('%d USD is %s', (value, text) => {
    expect(usd(value)).toBe(text);
  });

  test('stand in columns of even width', () => {
    expect(textTable(['', 'small'], [['a', '**1.50**']])).toEqual([
      '|     |    small |',
      '|-----|---------:|',
      '| a   | **1.50** |',
    ]);
  });
});
