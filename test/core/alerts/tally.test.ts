import { expect, test } from 'vitest';
import { subjectOf, tallyRows } from '../../../core/alerts/tally.ts';
import type { Counters, FiguresRow } from '../../../core/figures/row.ts';

const row = (offerId: number, affiliateId: number, counters: object, goalId = 0): FiguresRow => ({
  key: { hour: '2026-11-23T05', quarter: 0, offerId, affiliateId, goalId, region: 'us-east-1', currency: 'USD' },
  counters: counters as Counters,
});
const subjects = new Set(['1/7', '1/0', '0/7', '0/0', '3/0'].map(String));

test('rows count for their offer, their affiliate, both together and everything', () => {
  const tallies = tallyRows(
    [row(1, 7, { clicks: 5n }), row(1, 8, { clicks: 2n }), row(2, 7, { clicks: 1n })],
    'clicks',
    subjects,
  );
  const clicks = Object.fromEntries([...tallies].map(([subject, one]) => [subject, one.clicks]));
  expect(clicks).toEqual({ '1/7': 5n, '1/0': 7n, '0/7': 6n, '0/0': 8n });
});

test('rows without an offer or an affiliate count once for everything', () => {
  expect(tallyRows([row(0, 0, { clicks: 3n })], 'clicks', subjects).get('0/0')?.clicks).toBe(3n);
});

test('conversions of all goals count, rejected ones by their reasons, and reversed ones as rejected', () => {
  const rows = [
    row(1, 7, { approved: 3n, pending: 2n, 'pending_for:approval': 2n }),
    row(1, 7, { rejected: 2n, reversed: 1n, 'reason:too-soon': 2n, 'reason:other': 1n, duplicates: 9n, tests: 4n }, 5),
  ];
  expect(tallyRows(rows, 'sales', subjects).get('1/0')).toEqual({
    clicks: 0n,
    conversions: 5n,
    pending: 2n,
    rejected: 3n,
    reasons: new Map([
      ['too-soon', 2n],
      ['other', 1n],
    ]),
  });
});

test('reasons of clicks are no reasons of conversions', () => {
  const rows = [row(1, 7, { clicks: 1n, rejected_clicks: 1n, 'reason:too-soon': 1n })];
  expect(tallyRows(rows, 'clicks', subjects).get('1/0')).toMatchObject({
    clicks: 1n,
    rejected: 0n,
    reasons: new Map(),
  });
});

test('a rule without offer and affiliate is about everything', () => {
  expect([subjectOf({}), subjectOf({ offer_id: 3 }), subjectOf({ affiliate_id: 7, offer_id: 1 })]).toEqual([
    '0/0',
    '3/0',
    '1/7',
  ]);
});
