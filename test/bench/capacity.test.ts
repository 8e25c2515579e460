import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { capacityReport } from '../../bench/capacity/capacity.ts';
import { cheaperFrom, costReport } from '../../bench/capacity/cost-report.ts';
import { costsAt, sumOf } from '../../bench/capacity/costs.ts';
import { capacityUnits } from '../../bench/capacity/front-doors.ts';
import { type Inputs, prices, quotas } from '../../bench/capacity/inputs.ts';
import { batchesOf, type LoadName, loadNames, type Weather, weathers } from '../../bench/capacity/loads.ts';
import { measured } from '../../bench/capacity/measured.ts';
import { brokenAt, quotasAt } from '../../bench/capacity/quotas.ts';
import { standingCosts } from '../../bench/capacity/standing.ts';
import { targets } from '../../bench/capacity/targets.ts';
import { figure, textTable, usd } from '../../bench/capacity/text-table.ts';
import { countTemplate } from '../../bench/measure/template-counts.ts';
import { frontDoors } from '../../core/config/front-doors.ts';
import { limits } from '../../core/limits/limits.ts';

const inputs: Inputs = { prices, quotas, measured };

describe('the tables of docs/deploy.md', () => {
  test.each([
    ['capacity', capacityReport],
    ['cost', costReport],
  ])('are the output of `npm run bench -- %s`', (name, report) => {
    const guide = readFileSync('docs/deploy.md', 'utf8');
    const [, shown] = new RegExp(`<!-- ${name}: .*? -->\\n([\\s\\S]*?)<!-- end of ${name} -->`).exec(guide) ?? [];
    expect(shown?.trim()).toBe(report(inputs).join('\n').trim());
  });

  test.each(frontDoors)('count what the templates with the front door %s have', (door) => {
    expect(measured.templates[door]).toEqual(countTemplate(door));
  });

  test('are calculated with prices that name their sources', () => {
    const { asOf, region, sources, ...named } = prices;
    const names = Object.entries(named).flatMap(([name, value]) =>
      typeof value === 'object' ? Object.keys(value) : [name],
    );
    expect(Object.keys(sources).sort()).toEqual(names.sort());
    for (const source of Object.values(sources)) expect(source).toMatch(/^https:\/\//);
    expect([asOf, region]).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d$/), expect.any(String)]);
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
  const at = (load: LoadName, weather: Weather, of: Inputs = inputs) =>
    costsAt({ load, weather, door: 'http-api' }, of);
  const lineOf = (says: string, of: Inputs) => at('small', 'good weather', of).find((line) => line.says === says)?.usd;

  test('of writes at the smallest load follow from the prices of the calls', () => {
    const twice = { ...prices, usdPerMillion: { ...prices.usdPerMillion, s3Write: 2 * prices.usdPerMillion.s3Write } };
    const writes = 'S3: writes to both buckets';
    expect(lineOf(writes, { ...inputs, prices: twice })).toBeCloseTo(2 * (lineOf(writes, inputs) ?? Number.NaN));
  });

  test.each(loadNames)('at %s are greater while the peer hangs', (load) => {
    const [good = 0, bad = 0] = weathers.map((weather) => sumOf(at(load, weather), 'storing'));
    expect(bad).toBeGreaterThan(good);
  });

  test('of a load balancer follow the dimension that needs the most units', () => {
    expect(capacityUnits(1_000, 1_000)).toBe(1_000 / 25);
    expect(capacityUnits(1_000, 10_000)).toBe(36 / 0.4);
  });

  test('of a load balancer are lower from some load on, with DNS queries and what stands still', () => {
    const free = { ...prices, usdPerMillion: { ...prices.usdPerMillion, dnsQuery: 0 } };
    expect(cheaperFrom(inputs, false)).toBeLessThan(cheaperFrom(inputs, true));
    expect(cheaperFrom({ ...inputs, prices: free }, false)).toBeLessThan(cheaperFrom(inputs, false));
    const monthOf = (load: LoadName, door: 'http-api' | 'alb') =>
      sumOf([...costsAt({ load, door, weather: 'good weather' }, inputs), ...standingCosts(door, inputs)]);
    expect(monthOf('small', 'alb')).toBeGreaterThan(monthOf('small', 'http-api'));
    expect(monthOf('day', 'alb')).toBeLessThan(monthOf('day', 'http-api'));
  });

  test('that miss a target name the greatest lines', () => {
    const { serving } = measured;
    const logging = { ...inputs, measured: { ...measured, serving: { ...serving, trackLogBytes: 10_000 } } };
    expect(costReport(logging).join('\n')).toMatch(/^- HTTP API: the greatest lines at \*day\* are log lines 5\./m);
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
