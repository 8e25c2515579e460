import { describe, expect, test } from 'vitest';
import { type MoneyTerms, worthOf } from '../../../core/conversions/conversion-terms.ts';
import {
  type ConversionDecision,
  type ConversionEvent,
  type ConversionReport,
  conversionStanding,
} from '../../../core/conversions/standing.ts';
import { seededChance } from '../../../core/seeded-chance.ts';
import type { Price } from '../../../drill/oracle/amounts.ts';
import {
  type SaleDecision,
  type SaleReport,
  type SaleStanding,
  saleStanding,
} from '../../../drill/oracle/sale-standing.ts';

const flat: Price = { type: 'cpa_flat', flat: '3.005', percent: undefined };
const share: Price = { type: 'cpa_percentage', flat: undefined, percent: '7.5' };

function report(id: string, says: Partial<SaleReport> = {}): SaleReport {
  const sale = { sale: 'sale', currency: 'USD', payout: flat, revenue: flat, amount: '' };
  return { kind: 'report', id, rules: 2, status: 'approved', why: '', isProven: true, ...sale, ...says };
}

const pending = (id: string, why: string, says: Partial<SaleReport> = {}) =>
  report(id, { status: 'pending', why, ...says });
const rejected = (id: string, says: Partial<SaleReport> = {}) =>
  report(id, { status: 'rejected', why: 'rejected-by-advertiser', ...says });

function decision(id: string, verdict: string, says: Partial<SaleDecision> = {}): SaleDecision {
  return { kind: 'decision', id, verdict, amount: '', payout: '', revenue: '', ...says };
}

describe('a sale, by the drill’s own account,', () => {
  test.each([
    ['is approved by a later report', [pending('a', 'pending-by-advertiser'), report('b')], 'approved', '', false],
    [
      'is reversed by a proven rejection',
      [report('a'), rejected('b'), report('c')],
      'reversed',
      'rejected-by-advertiser',
      false,
    ],
    [
      'is in conflict by a rejection without proof',
      [report('a'), rejected('b', { isProven: false })],
      'approved',
      '',
      true,
    ],
    ['waits for the network alone', [pending('a', 'approval'), report('b')], 'pending', 'approval', false],
    ['is approved by an operator', [pending('a', 'approval'), decision('b', 'approve')], 'approved', '', false],
    [
      'keeps the word of an operator, with a conflict',
      [report('a'), decision('b', 'approve'), rejected('c')],
      'approved',
      '',
      true,
    ],
    [
      'is reversed by an operator, whose clock may be behind',
      [decision('a', 'reject'), report('b')],
      'reversed',
      'rejected-by-operator',
      false,
    ],
    [
      'under rules 1 is what the first report says',
      [report('a', { rules: 1 }), rejected('b', { rules: 1 })],
      'approved',
      '',
      false,
    ],
  ] as const)('%s', (_, words, status, why, isInConflict) => {
    expect(saleStanding(words)).toMatchObject({ status, why, isInConflict });
    expect(saleStanding([...words].reverse())).toEqual(saleStanding(words));
  });

  test('is worth what its first prices and the best amount come to, rounded to the smallest unit of its currency', () => {
    const unproven = { isProven: false, payout: share, revenue: share };
    const words = [report('a', { ...unproven, amount: '10' }), report('b', { amount: '20.70' })];
    expect(saleStanding(words)).toMatchObject({ payoutMicros: 1_550_000n });
    expect(saleStanding([...words, decision('c', 'set-amount', { amount: '1' })])).toMatchObject({
      payoutMicros: 80_000n,
    });
    const own = [...words, decision('d', 'approve', { payout: '2.005' })];
    expect(saleStanding(own)).toMatchObject({ payoutMicros: 2_010_000n, revenueMicros: 1_550_000n });
    expect(saleStanding([report('a', { rules: 1 })])).toMatchObject({ payoutMicros: 3_005_000n });
    expect(saleStanding([report('a', { currency: 'JPY' })])).toMatchObject({ payoutMicros: 3_000_000n });
    expect(saleStanding([report('a', { currency: 'KWD' })])).toMatchObject({ payoutMicros: 3_005_000n });
  });

  test('of which nobody has an amount is approved by the first that names one', () => {
    const waiting = pending('a', 'amount-missing', { payout: share, revenue: share });
    expect(saleStanding([waiting, decision('b', 'approve')])).toMatchObject({ status: 'pending', isInConflict: true });
    expect(saleStanding([waiting, report('b', { amount: '5' })])).toMatchObject({ status: 'approved' });
    expect(saleStanding([waiting, decision('b', 'set-amount', { amount: '5' })])).toMatchObject({ status: 'approved' });
  });

  test('needs a report that can begin it', () => {
    expect(saleStanding([rejected('a', { isProven: false }), decision('b', 'approve')])).toBeUndefined();
    expect(saleStanding([rejected('a', { isProven: false }), report('b')])).toMatchObject({ firstId: 'b' });
  });
});

/** The two share no code. Random histories show within a second where they differ. */
test('the drill and the system come to the same standing of every sale', () => {
  const chance = seededChance(11);
  const seen = new Set<string>();
  for (let round = 0; round < 20_000; round += 1) {
    const words = Array.from({ length: 1 + Math.floor(chance() * 6) }, (_, at) => drawWord(`${at}`, chance));
    const standing = conversionStanding(words.map(asEvent));
    const own = saleStanding(words);
    const { isPayKnown: _, ...outcome } = own ?? { isPayKnown: false };
    expect(outcome, JSON.stringify(words)).toEqual(standing ? asOwn(standing) : {});
    seen.add(`${own?.status} ${own?.why} ${own?.isInConflict}`);
  }
  expect(seen.size).toBeGreaterThan(15);
});

function drawWord(id: string, chance: () => number): SaleReport | SaleDecision {
  const pick = <Item>(...items: readonly Item[]): Item => items[Math.floor(chance() * items.length)] as Item;
  const amount = pick('', '', '10', '20.70');
  if (chance() < 0.3) {
    const set = { amount, payout: pick('', '', '1.234'), revenue: pick('', '', '5') };
    return decision(id, pick('approve', 'reject', 'set-amount'), set);
  }
  const says = { isProven: chance() < 0.5, amount, rules: pick(1, 2, 2, 2), payout: pick(flat, share) };
  const status = pick('approved', 'approved', 'pending', 'rejected');
  const wait = pick('pending-by-advertiser', 'approval', 'amount-missing');
  if (status === 'pending' && wait === 'amount-missing')
    return pending(id, wait, { ...says, amount: '', payout: share, revenue: flat });
  if (status === 'pending') return pending(id, wait, says);
  return status === 'approved' ? report(id, says) : rejected(id, { ...says, rules: 2 });
}

function asEvent(word: SaleReport | SaleDecision): ConversionEvent {
  const { id, amount } = word;
  if (word.kind === 'decision') {
    const { verdict, payout, revenue } = word;
    const set = { ...given({ amount, payout, revenue }) };
    return { kind: 'decision', id, verdict: verdict as ConversionDecision['verdict'], ...set };
  }
  const { rules, status, why, isProven, currency, payout, revenue } = word;
  const sender: ConversionReport['sender'] = isProven ? 'proven' : 'unproven';
  const terms = { currency, payout: termsOf(payout), revenue: termsOf(revenue) };
  const whys = given(status === 'pending' ? { pendingFor: why } : { reason: why });
  return { kind: 'report', id, rules, status, sender, terms, ...whys, ...given({ amount }) };
}

function termsOf({ flat: amount, percent }: SaleReport['payout']): MoneyTerms {
  return { flat: amount ?? '0', percent: percent ?? '0' };
}

function given(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));
}

function asOwn(standing: NonNullable<ReturnType<typeof conversionStanding>>): Partial<SaleStanding> {
  const { firstId, status, pendingFor, reason, conflicts, amount = '' } = standing;
  const why = pendingFor ?? reason ?? '';
  return { firstId, status, why, amount, ...worthOf(standing), isInConflict: conflicts.length > 0 };
}
