import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { figuresObject, readFiguresObject } from '../../../core/figures/figures-object.ts';

const names = {
  hour: '2026-11-23T05',
  quarter: 1,
  offer_id: 15,
  aff_id: 7,
  goal_id: 0,
  region: 'us-east-1',
  currency: 'USD',
};

test('counters of a later release stay in rows that this release brings into force', () => {
  const row = { ...names, clicks: 3, payout_micros: '300000', over_cap: 2, adjusted_micros: '95', rules: 'four' };
  const rows = readFiguresObject(gzipSync(`${JSON.stringify(row)}\n`)) ?? [];
  expect(rows.map(({ counters }) => counters)).toEqual([
    { clicks: 3n, payout_micros: 300_000n, over_cap: 2n, adjusted_micros: 95n },
  ]);
  expect(readFiguresObject(figuresObject(rows).gzip)).toEqual(rows);
});
