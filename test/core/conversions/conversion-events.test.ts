import { describe, expect, test } from 'vitest';
import { conversionEventOf } from '../../../core/conversions/conversion-events.ts';
import { type EventFields, parseLine } from '../../../core/event/event.ts';
import { sampleLine } from '../../sample-lines.ts';

const key = 'a'.repeat(32);
const paid = {
  currency: 'USD',
  payout_type: 'cpa_flat',
  payout: '2.50',
  revenue_type: 'cpa_percentage',
  revenue_percent: '10',
};

function eventOf(fields: EventFields) {
  const parsed = parseLine(sampleLine(1, undefined, { type: 'conversion', conversion_key: key, ...fields }));
  if (parsed.kind !== 'event') throw new Error('the line is no event');
  return conversionEventOf(parsed.event);
}

describe('the line of a report', () => {
  test('says status, sender, terms and amount', () => {
    expect(eventOf({ rules: 2, status: 'approved', sender: 'proven', amount: '20', ...paid })).toMatchObject({
      kind: 'report',
      rules: 2,
      status: 'approved',
      sender: 'proven',
      terms: { currency: 'USD', payout: { flat: '2.50', percent: '0' }, revenue: { flat: '0', percent: '10' } },
      amount: '20',
    });
  });

  test('pays nothing for a conversion of an offer that pays for clicks', () => {
    const terms = { currency: 'USD', payout_type: 'cpc', payout: '2.50', revenue_type: 'cpm', revenue: '9' };
    expect(eventOf({ rules: 2, status: 'approved', ...terms })).toMatchObject({
      terms: { payout: { flat: '0', percent: '0' }, revenue: { flat: '0', percent: '0' } },
    });
  });

  test('has no terms when the posted payout cannot be read: the catalog’s payout is not what was meant', () => {
    const waiting = { rules: 2, status: 'pending', pending_for: 'payout-unclear', ...paid };
    expect(eventOf(waiting)).not.toHaveProperty('terms');
    const approvalFirst = { ...waiting, pending_for: 'approval', money_wait: 'payout-unclear' };
    expect(eventOf(approvalFirst)).not.toHaveProperty('terms');
  });

  test('that came after the session says that it is late, and what it would otherwise say', () => {
    const late = { rules: 2, status: 'rejected', reason: 'click-expired', sender: 'proven', ...paid };
    expect(eventOf(late)).toMatchObject({ status: 'approved', isLate: true, sender: 'proven' });
    expect(eventOf({ ...late, pending_for: 'goal-unknown' })).toMatchObject({
      status: 'pending',
      pendingFor: 'goal-unknown',
      isLate: true,
    });
    expect(eventOf({ ...late, reason: 'too-soon' })).toBeUndefined();
  });

  test.each<[string, EventFields]>([
    ['is a test', { test: true, status: 'approved' }],
    ['is a test of an earlier release', { test: '1' }],
    ['was refused', { status: 'rejected', reason: 'security-token-wrong' }],
    ['was rejected under rules 1, when that changed nothing', { rules: 1, reason: 'rejected-by-advertiser' }],
    ['has no key', { conversion_key: 'short' }],
    ['has later rules', { rules: 3 }],
    ['is a click', { type: 'click' }],
  ])('is no part of a standing when it %s', (_, fields) => {
    expect(eventOf({ rules: 2, ...fields })).toBeUndefined();
  });

  test.each<[string, EventFields, object]>([
    [
      'without rules is one of rules 1 from nobody who proved anything',
      { status: 'approved' },
      { rules: 1, sender: 'unproven' },
    ],
    ['of an earlier release with another status is approved', { status: 'sale' }, { status: 'approved' }],
    [
      'that is rejected by its advertiser keeps that reason',
      { rules: 2, status: 'rejected', reason: 'rejected-by-advertiser' },
      { status: 'rejected', reason: 'rejected-by-advertiser' },
    ],
    ['with an amount of a strange kind has none', { rules: 2, amount: 12 }, { kind: 'report' }],
  ])('%s', (_, fields, expected) => {
    expect(eventOf(fields)).toMatchObject(expected);
    if (typeof fields['amount'] === 'number') expect(eventOf(fields)).not.toHaveProperty('amount');
  });
});

describe('the line of a decision', () => {
  test('says the verdict and the money', () => {
    expect(eventOf({ rules: 2, type: 'decision', verdict: 'approve', amount: '3', payout: '1' })).toMatchObject({
      kind: 'decision',
      verdict: 'approve',
      amount: '3',
      payout: '1',
    });
  });

  test('with an unknown verdict decides nothing', () => {
    expect(eventOf({ rules: 2, type: 'decision', verdict: 'maybe' })).toBeUndefined();
  });
});
