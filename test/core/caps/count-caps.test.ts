import { describe, expect, test } from 'vitest';
import { capOf } from '../../../core/caps/cap.ts';
import { type CappedOwner, OwnerNumbers } from '../../../core/caps/capped-owners.ts';
import { CapSums, countCaps } from '../../../core/caps/count-caps.ts';
import type { Counters, FiguresRow, RowKey } from '../../../core/figures/row.ts';

const home = 'us-east-1';
const caps = [capOf('conversion_cap', '5')].filter((cap) => cap !== undefined);

function owner(offerId: number, affiliateId: number, countsGoals = false): CappedOwner {
  return { offerId, affiliateId, mode: 'hard', countsGoals, currency: 'USD', caps };
}

function row(key: Partial<RowKey>, counters: Readonly<Record<string, bigint>>): FiguresRow {
  const usual = { hour: '2026-11-23T05', quarter: 0, offerId: 3, affiliateId: 7, goalId: 0, region: home };
  return { key: { ...usual, currency: 'USD', ...key }, counters: counters as Counters };
}

const numbers = new OwnerNumbers([owner(3, 0), owner(3, 7), owner(4, 0, true)]);
const [offer, affiliate, withGoals] = [0, 1, 2];

function counted(...rows: readonly FiguresRow[]): CapSums {
  return countCaps(rows, numbers, home);
}

describe('a row counts', () => {
  test('for the offer and for its affiliate, by where it was captured', () => {
    const sums = counted(row({}, { clicks: 2n }), row({ affiliateId: 8, region: 'us-west-2' }, { clicks: 5n }));
    expect(sums.of(offer, 'click', 'home')).toBe(2n);
    expect(sums.of(offer, 'click', 'elsewhere')).toBe(5n);
    expect(sums.of(affiliate, 'click', 'home')).toBe(2n);
    expect(sums.of(affiliate, 'click', 'elsewhere')).toBe(0n);
  });

  test('for the network when no cap concerns it', () => {
    expect(counted(row({ offerId: 99 }, { clicks: 2n })).clicksOfNetwork('home')).toBe(2n);
    expect(counted(row({}, { clicks: 2n, rejected_clicks: 3n })).clicksOfNetwork('home')).toBe(5n);
  });

  test('with pending conversions and their money', () => {
    const money = { payout_micros: 10n, pending_payout_micros: 3n, revenue_micros: 20n, pending_revenue_micros: 4n };
    const sums = counted(row({}, { approved: 2n, pending: 1n, rejected: 9n, ...money }));
    expect(sums.of(affiliate, 'conversion', 'home')).toBe(3n);
    expect(sums.of(affiliate, 'payout', 'home')).toBe(13n);
    expect(sums.of(affiliate, 'revenue', 'home')).toBe(24n);
  });

  test('without what an operator paid over a cap, and without clicks over one', () => {
    const paid = { over_cap_paid: 1n, over_cap_paid_payout_micros: 6n, over_cap_paid_revenue_micros: 7n };
    const sums = counted(row({}, { approved: 3n, payout_micros: 16n, revenue_micros: 27n, ...paid }));
    expect(sums.of(affiliate, 'conversion', 'home')).toBe(2n);
    expect(sums.of(affiliate, 'payout', 'home')).toBe(10n);
    expect(sums.of(affiliate, 'revenue', 'home')).toBe(20n);
    expect(counted(row({}, { clicks: 9n, over_cap_clicks: 4n })).of(offer, 'click', 'home')).toBe(5n);
  });

  test('with other goals only where the offer says so', () => {
    const ofGoal = { goalId: 2 };
    const sums = counted(row(ofGoal, { approved: 1n }), row({ ...ofGoal, offerId: 4 }, { approved: 1n }));
    expect(sums.of(offer, 'conversion', 'home')).toBe(0n);
    expect(sums.of(withGoals, 'conversion', 'home')).toBe(1n);
  });

  test('without money of another currency', () => {
    const sums = counted(row({ currency: 'EUR' }, { approved: 1n, payout_micros: 5n }));
    expect(sums.of(offer, 'conversion', 'home')).toBe(1n);
    expect(sums.of(offer, 'payout', 'home')).toBe(0n);
  });
});

test('sums of a part that changed are taken out again', () => {
  const sums = new CapSums(numbers.owners.length);
  const part = counted(row({}, { clicks: 2n, approved: 1n }));
  sums.add(part);
  sums.add(part);
  sums.subtract(part);
  expect(sums.of(offer, 'click', 'home')).toBe(2n);
  expect(sums.clicksOfNetwork('home')).toBe(2n);
});
