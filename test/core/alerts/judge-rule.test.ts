import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeRule } from '../../../core/alerts/judge-rule.ts';
import type { Tally } from '../../../core/alerts/tally.ts';
import type { AlertRule } from '../../../core/catalog/alert-rule.ts';

const tally = (figures: Partial<Record<'clicks' | 'conversions' | 'pending' | 'rejected', number>>): Tally => ({
  clicks: BigInt(figures.clicks ?? 0),
  conversions: BigInt(figures.conversions ?? 0),
  pending: BigInt(figures.pending ?? 0),
  rejected: BigInt(figures.rejected ?? 0),
  reasons: new Map(),
});

const sold = (clicks: number, conversions: number) => tally({ clicks, conversions });
const verdictOf = (rule: Omit<AlertRule, 'id'>, hour: Tally, past: readonly Tally[] = []) => {
  const judged = judgeRule({ id: 1, ...rule }, hour, past);
  return judged.verdict === 'unknown' ? judged.why : judged.verdict;
};

describe('a fixed bound', () => {
  const rate = { measure: 'conversion_rate', below: '0.5' } as const;

  test.each([
    [sold(10_000, 49), 'out'],
    [sold(10_000, 50), 'near'],
    [sold(10_000, 54), 'near'],
    [sold(10_000, 55), 'within'],
  ])('begins an episode below it and ends the episode a tenth above it', (hour, verdict) => {
    expect(verdictOf(rate, hour)).toBe(verdict);
  });

  test('of clicks holds without any click', () => {
    expect(verdictOf({ measure: 'clicks', below: '10' }, sold(0, 0))).toBe('out');
  });

  test.each([
    [1_001, 'out'],
    [1_000, 'near'],
    [900, 'within'],
  ])('above which nothing may rise tells of %i', (clicks, verdict) => {
    expect(verdictOf({ measure: 'clicks', above: '1000' }, sold(clicks, 0))).toBe(verdict);
  });

  test('of a share near 100 % ends at 100 %, since nothing is above', () => {
    const rule = { measure: 'rejected_share', below: '99' } as const;
    expect(verdictOf(rule, tally({ rejected: 100 }))).toBe('within');
  });
});

describe('small numbers', () => {
  test('of clicks tell nothing about a conversion rate', () => {
    expect(verdictOf({ measure: 'conversion_rate', below: '50' }, sold(99, 0))).toBe('few-clicks');
    expect(verdictOf({ measure: 'conversion_rate', below: '50' }, sold(0, 0))).toBe('few-clicks');
  });

  test('of conversions that would be expected tell nothing, and more clicks do', () => {
    const rule = { measure: 'conversion_rate', below: '1' } as const;
    expect(verdictOf(rule, sold(1_999, 0))).toBe('few-conversions');
    expect(verdictOf(rule, sold(2_000, 0))).toBe('out');
  });

  test('of conversions tell nothing about a share', () => {
    const rule = { measure: 'pending_share', above: '10' } as const;
    expect(verdictOf(rule, tally({ conversions: 19, pending: 19 }))).toBe('few-conversions');
    expect(verdictOf(rule, tally({ conversions: 20, pending: 20 }))).toBe('out');
    expect(verdictOf(rule, tally({}))).toBe('few-conversions');
  });

  test('are what the rule says', () => {
    const rule = { measure: 'conversion_rate', below: '50', min_clicks: 3, min_conversions: 1 } as const;
    expect(verdictOf(rule, sold(3, 0))).toBe('out');
  });
});

describe('the same hour of past weeks', () => {
  const half = { measure: 'clicks', change_percent: -50 } as const;
  const week = sold(1_000, 10);

  test('is no base when fewer than two weeks have figures', () => {
    expect(verdictOf(half, sold(0, 0), [week])).toBe('few-weeks');
    expect(verdictOf(half, sold(0, 0), [week, week])).toBe('out');
  });

  test('is their average', () => {
    const past = [sold(1_000, 0), sold(500, 0), sold(300, 0)];
    expect(verdictOf(half, sold(299, 0), past)).toBe('out');
    expect(verdictOf(half, sold(300, 0), past)).toBe('near');
    expect(verdictOf(half, sold(330, 0), past)).toBe('within');
  });

  test('tells of a rise', () => {
    const twice = { measure: 'clicks', change_percent: 100 } as const;
    expect(verdictOf(twice, sold(2_001, 0), [week, week])).toBe('out');
    expect(verdictOf(twice, sold(2_000, 0), [week, week])).toBe('near');
  });

  test('tells nothing while the subject has hardly any clicks, now and usually', () => {
    const few = sold(99, 0);
    expect(verdictOf(half, sold(0, 0), [few, few])).toBe('few-clicks');
    expect(verdictOf({ measure: 'clicks', change_percent: 100 }, sold(100, 0), [sold(0, 0), sold(0, 0)])).toBe('out');
  });

  test('without any conversion is no base for a rate that falls', () => {
    const none = sold(1_000, 0);
    expect(verdictOf({ measure: 'conversion_rate', change_percent: -50 }, none, [none, none])).toBe('few-conversions');
  });
});

test('a share by reason counts the rejections of that reason alone', () => {
  const hour = { ...tally({ conversions: 60, rejected: 40 }), reasons: new Map([['too-soon', 5n]]) };
  expect(verdictOf({ measure: 'rejected_share', above: '10' }, hour)).toBe('out');
  expect(verdictOf({ measure: 'rejected_share', above: '10', reason: 'too-soon' }, hour)).toBe('within');
  expect(verdictOf({ measure: 'rejected_share', above: '10', reason: 'approval' }, hour)).toBe('within');
});

test('a higher rate is never judged as lower, whatever the bound', () => {
  const order = ['out', 'near', 'within'];
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.nat(100_000),
      fc.nat(100_000),
      fc.integer({ min: 1, max: 200 }),
      (hundredths, one, other, weeks) => {
        const below = (hundredths / 100).toFixed(2);
        const rule = { measure: 'conversion_rate', below, min_conversions: 1, min_clicks: 1 } as const;
        const [fewer, more] = [Math.min(one, other), Math.max(one, other)];
        const ranks = [fewer, more].map((count) => order.indexOf(verdictOf(rule, sold(1_000 * weeks, count))));
        if (!ranks.includes(-1)) expect(ranks[0]).toBeLessThanOrEqual(ranks[1] ?? -1);
      },
    ),
  );
});
