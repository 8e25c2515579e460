import { describe, expect, test } from 'vitest';
import type { EventFields } from '../../../core/event.ts';
import { captured } from './ask.ts';

function transactionOf(offerId: number): string {
  return String(captured(`/aff_c?offer_id=${offerId}&aff_id=1001`).fields['txn']);
}

const game = transactionOf(488);

/** Of a postback about the game, whose goals are 2 Install, 7 Level ten (`level-10`) and 9 Purchase. */
function converted(query: string): EventFields {
  return captured(`/aff_goal?a=lsr&transaction_id=${game}&${query}`).fields;
}

describe('a goal is resolved', () => {
  test.each([
    ['by its id', 'goal_id=7', 7],
    ['by its id before anything else', 'goal_id=2&goal_ref=level-10&goal_name=Purchase', 2],
    ['by its reference', 'goal_ref=level-10', 7],
    ['by its reference before its name', 'goal_ref=level-10&goal_name=Purchase', 7],
    ['by its name', 'goal_name=Level%20ten', 7],
    ['by its name and advertiser', 'goal_name=Purchase&adv_id=3', 9],
    ['by what follows an empty id', 'goal_id=&goal_name=Install', 2],
  ])('%s', (_, query, goal) => {
    const fields = converted(query);
    expect(fields).toMatchObject({ goal_id: goal, status: 'approved' });
    expect(fields).not.toHaveProperty('goal_id_given');
  });

  test.each(['', 'goal_id=0', 'goal_id=', 'adv_id=3'])('to the default one when none is named: "%s"', (query) => {
    const fields = converted(query);
    expect(fields).toMatchObject({ status: 'approved', payout: '1.20' });
    for (const field of ['goal_id', 'goal_id_given']) expect(fields).not.toHaveProperty(field);
  });

  test.each([
    'goal_id=8',
    'goal_id={goal_id}',
    'goal_id=-1',
    'goal_ref=level-11',
    'goal_name=install',
    'goal_name=Install&adv_id=2',
    'goal_name=Install&adv_id={adv}',
  ])('never to one that the offer does not have: %s', (query) => {
    const fields = converted(query);
    expect(fields).toMatchObject({ status: 'rejected', reason: 'goal-unknown' });
    for (const field of ['goal_id', 'conversion_key']) expect(fields).not.toHaveProperty(field);
  });

  test('by an offer whose transaction is not ours to no number, however many are tried', () => {
    const { fields } = captured('/aff_lsr?transaction_id=x&goal_id=7');
    expect(fields).toMatchObject({ goal_id_given: '7', reason: 'transaction-foreign' });
    expect(fields).not.toHaveProperty('goal_id');
  });
});

describe('a conversion of a goal earns', () => {
  test('what the offer pays, when the goal says nothing', () => {
    expect(converted('goal_id=2')).toMatchObject({ payout_type: 'cpa_flat', payout: '1.20', revenue: '1.80' });
  });

  test('what the goal pays', () => {
    expect(converted('goal_id=7')).toMatchObject({ payout_type: 'cpa_flat', payout: '4.00', revenue: '6.00' });
    const purchase = converted('goal_id=9&amount=10');
    expect(purchase).toMatchObject({ payout_type: 'cpa_percentage', payout_percent: '10', revenue_percent: '15' });
    expect(purchase).not.toHaveProperty('payout');
    expect(purchase).toMatchObject({ amount: '10' });
  });
});

describe('posted payout and revenue', () => {
  const own = transactionOf(601);
  const ip = '192.0.2.10';

  test('take the place of ours where the offer allows it', () => {
    const { fields } = captured(`/aff_lsr?transaction_id=${own}&payout=12.345&revenue=20`, { ip });
    expect(fields).toMatchObject({ status: 'approved', payout_type: 'cpa_flat', payout: '12.345', revenue: '20' });
    expect(fields).toMatchObject({ posted_payout: '12.345', posted_revenue: '20' });
  });

  test.each(['', '{payout}', '-5', '1e9', '12,50', '9'.repeat(20)])(
    'leave ours when they are no amount: "%s"',
    (posted) => {
      const { fields } = captured(`/aff_lsr?transaction_id=${own}&payout=${posted}`, { ip });
      expect(fields).toMatchObject({ payout: '20.00', revenue: '28.00' });
    },
  );

  test('change nothing where the offer does not allow it', () => {
    expect(converted('payout=99&revenue=0')).toMatchObject({ payout: '1.20', revenue: '1.80', posted_payout: '99' });
  });
});
