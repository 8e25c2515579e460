import { describe, expect, test } from 'vitest';
import { hourMs, hourName, hourPrefix } from '../../../core/log/log-key.ts';
import type { Fetched, ListingPage } from '../../../core/ports.ts';
import { nextHour } from '../../../operator/clients/log-client.ts';
import { hoursWithoutFigures } from '../../../operator/figures/empty-hours.ts';
import { state } from './figures-double.ts';

const nowMs = Date.UTC(2026, 10, 23, 5, 30);
const noAnswer = { kind: 'failed', answer: { status: 0, code: 'Timeout' } } as const;

/** So many hours until now, the current one included. */
function last(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => hourName(nowMs - (count - 1 - index) * hourMs));
}

/** A log with a segment in each of these hours; `isDead` answers nothing. Listings are noted. */
function logOf(hours: readonly string[], isDead = false) {
  const keys = hours.map((hour) => `${hourPrefix(Date.parse(`${hour}:00Z`))}${'0'.repeat(32)}.ndjson.gz`).sort();
  let listings = 0;
  const list = async (prefix: string, _: number, after = ''): Promise<Fetched<ListingPage>> => {
    listings += 1;
    const found = ['log/a-foreign-object', ...keys].filter((one) => one.startsWith(prefix) && one > after).sort();
    const page = { keys: found.slice(0, 2), etags: [], sizesBytes: [] };
    if (isDead) return noAnswer;
    return { kind: 'ok', value: found.length > 2 ? { ...page, next: found[1] ?? '' } : page };
  };
  return { nextHour: (fromMs: number) => nextHour(fromMs, list), listings: () => listings };
}

const nothing = new Map();

describe('hours that are over and have no figures', () => {
  test('are empty before the first segment of the log, and one listing shows this for any number', async () => {
    const hours = last(456);
    const log = logOf(hours.slice(-24));
    const states = new Map(hours.slice(-24).map((hour) => [hour, state(hour)]));
    const { empty, notLookedUp } = await hoursWithoutFigures(hours, states, log, nowMs);
    expect([...empty]).toEqual(hours.slice(0, -24));
    expect({ notLookedUp, listings: log.listings() }).toEqual({ notLookedUp: [], listings: 1 });
  });

  test('are empty between hours with segments, and all are empty when the log is', async () => {
    const hours = last(8);
    const [, second = '', , , fifth = ''] = hours;
    const between = await hoursWithoutFigures(hours, nothing, logOf([second, fifth]), nowMs);
    expect([...between.empty]).toEqual([0, 2, 3, 5, 6].map((index) => hours[index]));
    expect(between.notLookedUp).toEqual([]);
    const all = await hoursWithoutFigures(hours, nothing, logOf([]), nowMs);
    expect([...all.empty]).toEqual(hours.slice(0, -1));
  });

  test('are not looked up when they have figures', async () => {
    const [hour = ''] = last(2);
    const log = logOf([]);
    const states = new Map([[hour, state(hour, { revision: 0 })]]);
    const { empty } = await hoursWithoutFigures(last(2), states, log, nowMs);
    expect({ empty: empty.size, listings: log.listings() }).toEqual({ empty: 0, listings: 0 });
  });

  test('are empty when their provisional figures count no segment, and the log has none', async () => {
    const [hour = ''] = last(2);
    const states = new Map([[hour, state(hour, { revision: 0, segments: 0 })]]);
    const { empty } = await hoursWithoutFigures(last(2), states, logOf([]), nowMs);
    expect([...empty]).toEqual([hour]);
  });

  test('are not looked up when the log does not answer, and the log is asked only once', async () => {
    const log = logOf([], true);
    const { empty, notLookedUp } = await hoursWithoutFigures(last(200), nothing, log, nowMs);
    expect({ empty: empty.size, listings: log.listings() }).toEqual({ empty: 0, listings: 1 });
    expect(notLookedUp).toEqual(last(200).slice(0, -1));
  });

  test('are not looked up beyond the bound when many of them have segments', async () => {
    const { empty, notLookedUp } = await hoursWithoutFigures(last(200), nothing, logOf(last(200)), nowMs);
    expect(empty.size).toBe(0);
    expect(notLookedUp).toEqual(last(100).slice(0, -1));
  });
});
