import { describe, expect, it } from 'vitest';
import { capKey, capNames, capOf, limitText, periodEndMs, periodOf, periodStartMs } from '../../../core/caps/cap.ts';
import { dayIn } from '../../../core/config/time-zone.ts';

describe('a cap', () => {
  it('has the twelve names of TUNE', () => {
    expect(capNames).toEqual([
      ...['conversion_cap', 'monthly_conversion_cap', 'lifetime_conversion_cap'],
      ...['payout_cap', 'monthly_payout_cap', 'lifetime_payout_cap'],
      ...['revenue_cap', 'monthly_revenue_cap', 'lifetime_revenue_cap'],
      ...['click_cap', 'monthly_click_cap', 'lifetime_click_cap'],
    ]);
  });

  it('counts conversions and clicks in ones, and money in millionths', () => {
    expect(capOf('monthly_click_cap', '100')).toEqual({
      name: 'monthly_click_cap',
      measure: 'click',
      period: 'monthly',
      limit: 100n,
    });
    expect(capOf('payout_cap', '12.50')).toMatchObject({ measure: 'payout', period: 'daily', limit: 12_500_000n });
  });

  it.each([
    ['conversion_cap', '0'],
    ['conversion_cap', '1.5'],
    ['conversion_cap', '-1'],
    ['payout_cap', '0.00'],
    ['payout_cap', '1e9'],
    ['daily_payout_cap', '5'],
    ['toString', '5'],
  ])('is none when %s is %s', (name, text) => {
    expect(capOf(name, text)).toBeUndefined();
  });

  it.each([
    ['payout_cap', '12.50', '12.5'],
    ['payout_cap', '12.000', '12'],
    ['revenue_cap', '0.000001', '0.000001'],
    ['click_cap', '100', '100'],
  ])('writes the limit %s %s as %s', (name, text, written) => {
    const cap = capOf(name, text);
    expect(cap && limitText(cap)).toBe(written);
  });

  it('has a key that names its owner', () => {
    expect(capKey({ offerId: 3, affiliateId: 0 }, 'conversion_cap')).toBe('3/0/conversion_cap');
    expect(capKey({ offerId: 3, affiliateId: 7 }, 'monthly_payout_cap')).toBe('3/7/monthly_payout_cap');
  });
});

describe('the period of a cap', () => {
  const inNewYork = dayIn('America/New_York');
  const noon = Date.parse('2026-11-01T17:00Z');

  it('is a day, a month or the lifetime', () => {
    expect(periodOf('daily', noon, inNewYork)).toBe('2026-11-01');
    expect(periodOf('monthly', noon, inNewYork)).toBe('2026-11');
    expect(periodOf('lifetime', noon, inNewYork)).toBe('lifetime');
  });

  it.each([
    [
      'New York, on a day of 25 hours',
      'America/New_York',
      '2026-11-01T17:00Z',
      '2026-11-01T04:00Z',
      '2026-11-02T05:00Z',
    ],
    [
      'New York, on a day of 23 hours',
      'America/New_York',
      '2027-03-14T17:00Z',
      '2027-03-14T05:00Z',
      '2027-03-15T04:00Z',
    ],
    ['Kathmandu, with quarters', 'Asia/Kathmandu', '2026-11-01T18:14:59Z', '2026-10-31T18:15Z', '2026-11-01T18:15Z'],
    ['UTC, at its first ms', 'UTC', '2026-11-01T00:00Z', '2026-11-01T00:00Z', '2026-11-02T00:00Z'],
  ])('is the whole day of %s', (_, zone, time, from, to) => {
    const dayOf = dayIn(zone);
    expect(periodStartMs('daily', Date.parse(time), dayOf)).toBe(Date.parse(from));
    expect(periodEndMs('daily', Date.parse(time), dayOf)).toBe(Date.parse(to));
  });

  it.each([
    ['2026-11-30T23:00Z', '2026-11-01T04:00Z', '2026-12-01T05:00Z'],
    ['2026-12-01T05:00Z', '2026-12-01T05:00Z', '2027-01-01T05:00Z'],
    ['2027-02-10T00:00Z', '2027-02-01T05:00Z', '2027-03-01T05:00Z'],
  ])('is the whole month at %s', (time, from, to) => {
    expect(periodStartMs('monthly', Date.parse(time), inNewYork)).toBe(Date.parse(from));
    expect(periodEndMs('monthly', Date.parse(time), inNewYork)).toBe(Date.parse(to));
  });

  it('of a lifetime has no beginning and no end', () => {
    expect(periodStartMs('lifetime', noon, inNewYork)).toBe(Number.NEGATIVE_INFINITY);
    expect(periodEndMs('lifetime', noon, inNewYork)).toBe(Number.POSITIVE_INFINITY);
  });
});
