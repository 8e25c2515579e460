import { beforeEach, expect, test } from 'vitest';
import { provisionalHours, provisionalLines } from '../../../../operator/commands/report/provisional-hours.ts';
import { sampleLine, sampleMs } from '../../../sample-lines.ts';
import { state } from '../../figures/figures-double.ts';
import { LogDouble } from '../../log-double.ts';

const hour = '2026-11-23T05';
const before = ['2026-11-22T23', '2026-11-23T01', '2026-11-23T02', '2026-11-23T03', '2026-11-23T04'];

let log: LogDouble;
beforeEach(() => {
  log = new LogDouble('us-east-1');
  for (const seq of [1, 2, 3]) log.write([sampleLine(seq)], sampleMs);
});

async function linesOf(segments: number | undefined, hours: readonly string[] = [hour]) {
  const counted = { revision: 0, cause: 'provisional', foldedToMs: sampleMs - 40_000 };
  const states = segments === undefined ? [] : [state(hour, { ...counted, segments })];
  const found = await provisionalHours(hours, new Map(states.map((one) => [one.hour, one])), log, sampleMs);
  return provisionalLines(found, hours.length + 1);
}

test('a provisional hour says how old it is, and how many segments the log has got since', async () => {
  expect(await linesOf(1)).toEqual([
    '1 hour of 2 provisional: unique clicks are an upper bound, late events are still to come',
    '2026-11-23T05Z: counted 40 s ago; the log has 2 segments more',
  ]);
  expect((await linesOf(3))[1]).toBe('2026-11-23T05Z: counted 40 s ago; the log has nothing more');
});

test('an hour that was never counted lacks everything', async () => {
  expect((await linesOf(undefined))[1]).toBe('2026-11-23T05Z: nothing counted yet; the log has 3 segments more');
});

test('a log that does not answer hides only what it has got since', async () => {
  log.dead = true;
  expect((await linesOf(1))[1]).toBe('2026-11-23T05Z: counted 40 s ago; its log was not looked at');
});

test('of many provisional hours the newest are described', async () => {
  const lines = await linesOf(3, [...before, hour]);
  expect(lines.map((line) => line.slice(0, 14))).toEqual([
    '6 hours of 7 p',
    '2026-11-23T02Z',
    '2026-11-23T03Z',
    '2026-11-23T04Z',
    '2026-11-23T05Z',
  ]);
});

test('there are no lines when every hour is final', async () => {
  expect(await linesOf(undefined, [])).toEqual([]);
});
