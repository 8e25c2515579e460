import { describe, expect, test } from 'vitest';
import { hourStart } from '../../../core/log/log-key.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { foldLines } from './fold-lines.ts';

type Fields = Parameters<typeof sampleLine>[2];

const money = { currency: 'USD', payout: '1.50', revenue: '2' } as const;
const paid = { ...money, payout_type: 'cpa_flat', revenue_type: 'cpa_flat', status: 'approved' } as const;

const waiting = { pending_payout_micros: 1_500_000n, pending_revenue_micros: 2_000_000n };

/** The rows of events in this order. Each conversion has a key of its own. */
function rowsOf(...events: readonly Fields[]) {
  const lines = events.map((fields, seq) => {
    const own = { aff_id: 7, currency: 'USD', conversion_key: `${seq}`.padStart(32, '0') };
    return sampleLine(seq, sampleMs + seq, { ...own, ...fields });
  });
  return foldLines(hourStart(sampleMs), lines);
}

const only = (...events: readonly Fields[]) => rowsOf(...events)[0]?.counters;

describe('an event counts in one class', () => {
  test.each<[string, Fields, Record<string, bigint>]>([
    ['a credited click', {}, { clicks: 1n, unique_clicks: 1n }],
    [
      'a click to nobody’s credit',
      { reason: 'affiliate-unknown' },
      { rejected_clicks: 1n, 'reason:affiliate-unknown': 1n },
    ],
    ['a preview', { type: 'preview' }, { previews: 1n }],
    ['an impression', { type: 'impression' }, { impressions: 1n }],
    [
      'an impression to nobody’s credit',
      { type: 'impression', reason: 'offer-unknown' },
      { rejected_impressions: 1n, 'reason:offer-unknown': 1n },
    ],
    [
      'an approved conversion',
      { type: 'conversion', ...paid },
      { approved: 1n, payout_micros: 1_500_000n, revenue_micros: 2_000_000n },
    ],
    [
      'one that waits for approval',
      { type: 'conversion', ...paid, status: 'pending', pending_for: 'approval' },
      { pending: 1n, 'pending_for:approval': 1n, ...waiting },
    ],
    [
      'one of an earlier release that waits',
      { type: 'conversion', ...paid, status: 'pending' },
      { pending: 1n, 'pending_for:status': 1n, ...waiting },
    ],
    [
      'a rejected one',
      { type: 'conversion', ...paid, status: 'rejected', reason: 'ip-not-allowed' },
      { rejected: 1n, 'reason:ip-not-allowed': 1n },
    ],
    [
      'one that its sender rejected',
      { type: 'conversion', ...paid, status: 'rejected' },
      { rejected: 1n, 'reason:status': 1n },
    ],
    ['a test', { type: 'conversion', ...paid, test: true }, { tests: 1n }],
    ['a reason that is no name', { reason: 'a#b' }, { rejected_clicks: 1n, 'reason:other': 1n }],
  ])('%s', (_, fields, counters) => {
    expect(only(fields)).toEqual(counters);
  });

  test('a probe counts in no class', () => {
    expect(rowsOf({ type: 'probe' })).toEqual([]);
  });
});

describe('a row', () => {
  test('has one offer, affiliate, goal, region and currency, and rows are sorted by them', () => {
    const rows = rowsOf(
      { aff_id: 9 },
      { region: 'us-west-2' },
      { type: 'conversion', goal_id: 3, ...paid },
      { currency: 'EUR' },
      {},
      { goal_id: 3 },
    );
    expect(rows.map(({ key, counters }) => [...Object.values(key), counters.clicks ?? 0n])).toEqual([
      ['2026-11-23T05', 0, 15, 7, 0, 'us-east-1', 'EUR', 1n],
      ['2026-11-23T05', 0, 15, 7, 0, 'us-east-1', 'USD', 2n],
      ['2026-11-23T05', 0, 15, 7, 0, 'us-west-2', 'USD', 1n],
      ['2026-11-23T05', 0, 15, 7, 3, 'us-east-1', 'USD', 0n],
      ['2026-11-23T05', 0, 15, 9, 0, 'us-east-1', 'USD', 1n],
    ]);
  });

  test('of a click that a redirect offer took belongs to that offer, unless nobody is credited', () => {
    const taken = { reason: 'offer-expired', redirect_offer_id: 16 };
    expect(rowsOf(taken).map(({ key }) => key.offerId)).toEqual([16]);
    const uncredited = { reason: 'affiliate-unknown', redirect_offer_id: 16 };
    expect(rowsOf(uncredited).map(({ key }) => key.offerId)).toEqual([15]);
  });

  test('names no offer and no affiliate that the catalog did not know, whatever number the line has', () => {
    const placesOf = (fields: Fields) => rowsOf(fields).map(({ key }) => [key.offerId, key.affiliateId]);
    expect(placesOf({ offer_id: 999, reason: 'offer-unknown' })).toEqual([[0, 7]]);
    expect(placesOf({ aff_id: 999, reason: 'affiliate-unknown' })).toEqual([[15, 0]]);
    expect(placesOf({ type: 'preview', offer_id: 999, reason: 'offer-unknown' })).toEqual([[0, 7]]);
    expect(placesOf({ type: 'conversion', ...paid, pending_for: 'offer-unknown' })).toEqual([[15, 7]]);
  });

  test('never contains a value that is no id and no name', () => {
    const [row] = rowsOf({ offer_id: 'x', aff_id: -1, region: 'a#b', currency: '' });
    expect(row?.key).toEqual({
      hour: '2026-11-23T05',
      quarter: 0,
      offerId: 0,
      affiliateId: 0,
      goalId: 0,
      region: '',
      currency: '',
    });
  });

  test('adds money up exactly', () => {
    const cheap = { ...paid, type: 'conversion', payout: '0.1', revenue: '0.000001' } as const;
    expect(only(...Array.from({ length: 10 }, () => cheap))).toMatchObject({
      approved: 10n,
      payout_micros: 1_000_000n,
      revenue_micros: 10n,
    });
  });
});

describe('a visitor is unique', () => {
  test('once for an offer and affiliate, by the visitor field', () => {
    expect(only({ visitor: 'a' }, { visitor: 'a' }, { visitor: 'b' })).toMatchObject({ clicks: 3n, unique_clicks: 2n });
    const address = { ip: '203.0.113.0', user_agent: 'Firefox' };
    expect(only(address, address, { ...address, user_agent: 'Chrome' })).toMatchObject({ unique_clicks: 2n });
    expect(rowsOf({ visitor: 'a' }, { visitor: 'a', aff_id: 8 }).map(({ counters }) => counters.unique_clicks)).toEqual(
      [1n, 1n],
    );
  });

  test('each time where no address is kept', () => {
    expect(only({ user_agent: 'Firefox' }, { user_agent: 'Firefox' })).toMatchObject({ unique_clicks: 2n });
  });

  test('in the row of the first click only', () => {
    const rows = rowsOf({ visitor: 'a' }, { visitor: 'a', region: 'us-west-2' });
    expect(rows.map(({ counters }) => counters.unique_clicks ?? 0n)).toEqual([1n, 0n]);
  });

  test('never by a click that nobody is credited for', () => {
    expect(only({ visitor: 'a', reason: 'affiliate-inactive' }, { visitor: 'a' })).toMatchObject({ unique_clicks: 1n });
  });
});
