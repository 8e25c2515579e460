import { describe, expect, test } from 'vitest';
import { uuidV7 } from '../../../core/event/uuid.ts';
import { readCatalogText } from '../../../drill/oracle/catalog-text.ts';
import type { ExpectedEvent } from '../../../drill/oracle/expected-event.ts';
import { expectedPostbacks } from '../../../drill/oracle/expected-postbacks.ts';

const catalog = readCatalogText(`
network: { currency: USD }
advertisers: [{ id: 1, security_token: a-secret-token-of-shop }]
affiliates: [{ id: 7 }]
offers: [{ id: 3, advertiser_id: 1, payout: "2.50", revenue: "4", goals: [{ id: 9, name: signup }] }]
postbacks:
  - { id: 1, affiliate_id: 0, offer_id: 0, url: "http://shop.partner.test/" }
  - { id: 2, affiliate_id: 7, offer_id: 3, goal_id: 0, url: "http://shop.partner.test/", on: [pending, reversed] }
  - { id: 3, affiliate_id: 8, offer_id: 0, url: "http://shop.partner.test/" }
  - { id: 4, affiliate_id: 0, offer_id: 0, url: "http://shop.partner.test/", status: paused }
`);

const startMs = Date.UTC(2026, 10, 23, 5);
const place = { offer_id: '3', aff_id: '7', aff_sub: 'a b' };
const idAt = (second: number) => uuidV7(startMs + second * 1_000, new Uint8Array(10));

function event(second: number, type: ExpectedEvent['type'], parameters: ExpectedEvent['parameters']): ExpectedEvent {
  return { id: idAt(second), type, parameters, visitor: 1, click: place, region: 'us-east-1', rules: 2 };
}

const click: ExpectedEvent = { ...event(0, 'click', place), transactionId: 'T' };
const sale = (second: number, more: ExpectedEvent['parameters'] = {}) =>
  event(second, 'conversion', { transaction_id: 'T', security_token: 'a-secret-token-of-shop', ...more });

function due(events: readonly ExpectedEvent[], sinceMs = startMs) {
  return expectedPostbacks(events, { catalog, sinceMs });
}

function names(...given: Parameters<typeof due>) {
  return due(...given).map(({ postbackId, standing, isOwed }) => `${postbackId} ${standing} ${isOwed}`);
}

describe('the postbacks that the drill expects', () => {
  test('are owed for an approved sale, to those who asked for its affiliate and standing', () => {
    const [one, ...others] = due([click, sale(1, { amount: '9.9', adv_sub: 'x' })]);
    expect(others).toEqual([]);
    expect(one).toMatchObject({ postbackId: 1, standing: 'approved', isOwed: true, reachedAtMs: startMs + 1_000 });
    expect(one?.texts).toEqual([
      {
        ...{ conversion_id: idAt(1), status: 'approved', transaction_id: 'T' },
        ...{ offer_id: '3', affiliate_id: '7', goal_id: '0', payout: '2.50', currency: 'USD', sale_amount: '9.9' },
        ...{ aff_sub: 'a b', aff_unique1: '', source: '', adv_sub: 'x', conversion_unique_id: '' },
      },
    ]);
  });

  test('may tell a standing that was overtaken, and owe the last one', () => {
    expect(names([click, sale(1, { status: 'pending' }), sale(2)])).toEqual(['2 pending false', '1 approved true']);
    expect(names([click, sale(1), sale(2, { status: 'rejected' })])).toEqual(['1 approved false', '2 reversed true']);
  });

  test.each<[string, ExpectedEvent]>([
    ['a test', sale(1, { test: '1' })],
    ['a report with a wrong token', sale(1, { security_token: 'wrong' })],
    ['a sale of an unknown affiliate', { ...sale(1), click: { ...place, aff_id: '99' } }],
    ['a rejected sale that nobody asked for', sale(1, { status: 'rejected' })],
  ])('are none for %s', (_, report) => {
    expect(due([click, report])).toEqual([]);
  });

  test('know goals: absent means the default goal alone, and 0 every goal', () => {
    expect(names([click, sale(1, { goal_id: '9', status: 'pending' })])).toEqual(['2 pending true']);
    expect(names([click, sale(1, { goal_id: '9' })])).toEqual([]);
  });

  test('are none for a standing from before the postbacks were published', () => {
    expect(due([click, sale(1)], startMs + 2_000)).toEqual([]);
  });

  test('may lack the sub ids of the click once nobody waits for it any more', () => {
    const [one] = expectedPostbacks([click, sale(1)], { catalog, sinceMs: startMs, isPatienceOver: true });
    expect(one?.texts.map((texts) => texts['aff_sub'])).toEqual(['a b', '']);
  });

  test('are not owed while no log has the click, because its sub ids are awaited', () => {
    expect(names([sale(1)])).toEqual(['1 approved false']);
  });
});
