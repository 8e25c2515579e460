import { describe, expect, test } from 'vitest';
import type { EventFields } from '../../../core/event/event.ts';
import { captured, sampleCatalog } from './ask.ts';

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
    ['by its name and advertiser', 'goal_name=Purchase&adv_id=3&amount=1', 9],
    ['by its name in another case', 'goal_name=install', 2],
    ['by its name with other blanks', 'goal_name=%20LEVEL%20%20TEN%20', 7],
    ['by its reference in another case', 'goal_ref=LEVEL_10', 7],
    ['by its id with blanks around it', 'goal_id=7%20', 7],
    ['by its id with a line break', 'goal_id=%0A7%0D%0A', 7],
    ['by what follows an empty id', 'goal_id=&goal_name=Install', 2],
  ])('%s', (_, query, goal) => {
    const fields = converted(query);
    expect(fields).toMatchObject({ goal_id: goal, status: 'approved' });
    expect(fields['goal_id_given'] !== undefined).toBe(query.includes('7%20') || query.includes('%0A7'));
  });

  test.each(['', 'goal_id=0', 'goal_id=', 'goal_id=%20', 'goal_id=0?fbclid=x', 'goal_name=%20', 'adv_id=3'])(
    'to the default goal when the postback names none: "%s"',
    (query) => {
      const fields = converted(query);
      expect(fields).toMatchObject({ status: 'approved', payout: '1.20' });
      for (const field of ['goal_id', 'goal_id_given']) expect(fields).not.toHaveProperty(field);
    },
  );

  test.each([
    'goal_id=8',
    'goal_id={goal_id}',
    'goal_id=-1',
    'goal_ref=level-11',
    'goal_name=Install&adv_id=2',
    'goal_name=Install&adv_id={adv}',
  ])('to none when the offer does not have it, and a person decides: %s', (query) => {
    const fields = converted(query);
    expect(fields).toMatchObject({ status: 'pending', pending_for: 'goal-unknown' });
    expect(fields).not.toHaveProperty('goal_id');
    expect(fields['conversion_key']).toBe(converted(query)['conversion_key']);
    expect(fields['conversion_key']).not.toBe(converted('')['conversion_key']);
  });

  test('to none when two goals differ only in case and the name matches neither exactly', () => {
    const offer = sampleCatalog.offers.get(488);
    if (!offer) throw new Error('the sample catalog has no offer 488');
    const goals = [
      { id: 1, name: 'Sale' },
      { id: 2, name: 'SALE' },
    ];
    const catalog = { ...sampleCatalog, offers: new Map([[488, { ...offer, goals }]]) };
    const goalOf = (name: string) =>
      captured(`/aff_goal?a=lsr&transaction_id=${game}&goal_name=${name}`, {}, { catalog }).fields['goal_id'];
    expect(['Sale', 'SALE', 'sale'].map(goalOf)).toEqual([1, 2, undefined]);
  });

  test('to none when the transaction is foreign', () => {
    const { fields } = captured('/aff_lsr?transaction_id=x&goal_id=7');
    expect(fields).toMatchObject({ goal_id_given: '7', reason: 'transaction-foreign' });
    expect(fields).not.toHaveProperty('goal_id');
  });
});

describe('a conversion of a goal earns', () => {
  test('the offer’s terms when the goal has none', () => {
    expect(converted('goal_id=2')).toMatchObject({ payout_type: 'cpa_flat', payout: '1.20', revenue: '1.80' });
  });

  test('the goal’s own terms', () => {
    expect(converted('goal_id=7')).toMatchObject({ payout_type: 'cpa_flat', payout: '4.00', revenue: '6.00' });
    const purchase = converted('goal_id=9&amount=10');
    expect(purchase).toMatchObject({ status: 'approved' });
    expect(purchase).toMatchObject({ payout_type: 'cpa_percentage', payout_percent: '10', revenue_percent: '15' });
    expect(purchase).not.toHaveProperty('payout');
    expect(purchase).toMatchObject({ amount: '10' });
  });
});

describe('posted payout and revenue', () => {
  const own = transactionOf(601);
  const ip = '192.0.2.10';

  test('replace the catalog’s where the offer allows it', () => {
    const { fields } = captured(`/aff_lsr?transaction_id=${own}&payout=12.345&revenue=20`, { ip });
    expect(fields).toMatchObject({ status: 'approved', payout_type: 'cpa_flat', payout: '12.345', revenue: '20' });
    expect(fields).toMatchObject({ posted_payout: '12.345', posted_revenue: '20' });
  });

  test.each(['', '%20'])('change nothing when they are empty: "%s"', (posted) => {
    const { fields } = captured(`/aff_lsr?transaction_id=${own}&payout=${posted}`, { ip });
    expect(fields).toMatchObject({ status: 'approved', payout: '20.00', revenue: '28.00' });
  });

  test('are read as people write them', () => {
    const { fields } = captured(`/aff_lsr?transaction_id=${own}&payout=12,50&revenue=$1,234.56`, { ip });
    expect(fields).toMatchObject({ status: 'approved', payout: '12.50', revenue: '1234.56', posted_payout: '12.50' });
    expect(fields).toMatchObject({ posted_payout_given: '12,50', posted_revenue_given: '$1,234.56' });
  });

  test.each([
    ['payout-unclear', 'payout={payout}'],
    ['payout-unclear', 'payout=1e9'],
    ['payout-negative', 'payout=-5'],
    ['payout-too-large', `payout=${'9'.repeat(20)}`],
    ['payout-too-large', 'payout=5000.01'],
    ['payout-other-currency', 'payout=5%20EUR'],
    ['payout-other-currency', 'payout=5&currency=EUR'],
    ['payout-unclear', 'payout=5&currency={currency}'],
    ['revenue-unclear', 'payout=5&revenue=x'],
  ])('that cannot be used make the conversion wait for a person: %s by %s', (pending_for, query) => {
    const { fields } = captured(`/aff_lsr?transaction_id=${own}&${query}`, { ip });
    expect(fields).toMatchObject({ status: 'pending', pending_for });
  });

  test('change nothing where the offer does not allow it', () => {
    expect(converted('payout=99&revenue=0')).toMatchObject({ payout: '1.20', revenue: '1.80', posted_payout: '99' });
  });
});
