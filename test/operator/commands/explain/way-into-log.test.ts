import { expect, test } from 'vitest';
import type { WriterName } from '../../../../core/log/segment-writer.ts';
import type { SegmentCopy } from '../../../../operator/commands/explain/segment-copies.ts';
import { wayOf } from '../../../../operator/commands/explain/way-into-log.ts';

const [east, west] = ['us-east-1', 'us-west-2'] as const;

function copy(region: string, by?: WriterName, writerRegion: string = east, writtenAtMs = 1_000): SegmentCopy {
  const place = { region, bucket: `log-${region}` };
  return { kind: 'there', ...place, writtenAtMs, ...(by && { writer: { by, region: writerRegion } }) };
}

const missing: SegmentCopy = { kind: 'missing', region: west, bucket: 'log' };

test('a copy by store came from the intake queue of its region', () => {
  const home = [copy(east, 'store', east), copy(west, 'store', east)];
  expect(wayOf(east, [home])).toEqual({ rungs: ['intake-home'], takenIn: [east], detours: [] });
  expect(wayOf(west, [home])).toMatchObject({ rungs: ['intake-peer'], takenIn: [east] });
});

test('a conversion in two segments was taken in both regions', () => {
  const segments = [east, west].map((by) => [copy(east, 'store', by), copy(west, 'store', by)]);
  expect(wayOf(east, segments)).toMatchObject({ rungs: ['intake-home', 'intake-peer'], takenIn: [east, west] });
});

test('a copy by track names the bucket’s rung, and the other copy was repaired', () => {
  for (const repairer of ['audit', 'replay'] as const) {
    const way = wayOf(east, [[copy(east, repairer, west, 9_000), copy(west, 'track', east)]]);
    expect(way).toMatchObject({ rungs: ['bucket-peer'], takenIn: [west] });
    expect(way.detours).toEqual([{ kind: 'repaired', region: east, by: west, writtenAtMs: 9_000 }]);
  }
});

test.each([
  ['later', 9_000],
  ['within the same second', 1_000],
])('a copy by audit %s next to one by replay from an intake queue was repaired', (_, copiedAtMs) => {
  const way = wayOf(east, [[copy(east, 'replay', east), copy(west, 'audit', west, copiedAtMs)]]);
  expect(way.detours.map(({ kind }) => kind)).toEqual(['stalled', 'repaired']);
});

test('a bucket that was down got its copy from a failure queue', () => {
  const way = wayOf(east, [[copy(east, 'owed', west, 60_000), copy(west, 'store', east)]]);
  expect(way.rungs).toEqual(['intake-home']);
  expect(way.detours).toEqual([{ kind: 'owed', region: east, by: west, writtenAtMs: 60_000 }]);
});

test('copies by replay in both buckets came from an intake queue whose pollers had stalled', () => {
  const way = wayOf(east, [[copy(east, 'replay', east), copy(west, 'replay', east)]]);
  expect(way.rungs).toEqual(['intake-home']);
  expect(way.detours.map(({ kind }) => kind)).toEqual(['stalled', 'stalled']);
});

test('the rung is unknown when both copies were owed, name no writer, or are missing', () => {
  for (const copies of [[copy(east, 'owed'), copy(west, 'owed')], [copy(east), copy(west)], [missing], []]) {
    expect(wayOf(east, [copies])).toMatchObject({ rungs: [], takenIn: [] });
  }
});
