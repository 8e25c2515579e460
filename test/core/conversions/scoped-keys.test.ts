import { expect, test } from 'vitest';
import { conversionEventOf } from '../../../core/conversions/conversion-events.ts';
import { conversionStanding } from '../../../core/conversions/standing.ts';
import { encodeLine, type LoggedEvent, parseLine } from '../../../core/event/event.ts';
import { uuidV7 } from '../../../core/event/uuid.ts';
import { captured, catalogFrom, nowMs } from '../tracking/ask.ts';

/** Reports of several clicks, offers and advertisers can have one key. Each line comes from a real request. */

const catalog = catalogFrom(`
network: { name: Network, currency: USD }
advertisers:
  - { id: 1, name: First, security_token: "${'a'.repeat(32)}" }
  - { id: 2, name: Second, security_token: "${'b'.repeat(32)}" }
affiliates: [{ id: 1, name: One }, { id: 2, name: Two }]
offers:
  - { id: 10, name: Plain, advertiser_id: 1, offer_url: "https://a.example/?t={transaction_id}", payout: "3", revenue: "4" }
  - { id: 11, name: Scoped, advertiser_id: 1, offer_url: "https://a.example/?t={transaction_id}", payout: "3", revenue: "4", unique_id_scope: offer }
  - { id: 20, name: Share, advertiser_id: 1, offer_url: "https://a.example/?t={transaction_id}", payout_type: cpa_percentage, payout_percent: "10", revenue: "4", unique_id_scope: network }
  - { id: 21, name: Yen, advertiser_id: 2, offer_url: "https://b.example/?t={transaction_id}", payout: "3", revenue: "4", currency: JPY, unique_id_scope: network }
`);
const [ofFirst, ofSecond] = ['a', 'b'].map((letter) => `security_token=${letter.repeat(32)}`);
const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36';
const dayMs = 86_400_000;
let count = 0;

function at(link: string, timeMs: number, userAgent = browser): LoggedEvent {
  const { type, fields } = captured(link, { userAgent }, { catalog, nowMs: timeMs });
  count += 1;
  const id = uuidV7(timeMs, new Uint8Array(10).with(9, count));
  const parsed = parseLine(encodeLine({ v: 1, id, type, at: timeMs, region: 'us-east-1', rules: 2, ...fields }));
  if (parsed.kind !== 'event') throw new Error('the line is no event');
  return parsed.event;
}

function clickOn(offerId: number, affiliateId: number, userAgent?: string): string {
  return `${at(`/aff_c?offer_id=${offerId}&aff_id=${affiliateId}`, nowMs, userAgent)['txn']}`;
}

function standingOf(...events: readonly LoggedEvent[]) {
  expect(new Set(events.map((event) => event['conversion_key'])).size).toBe(1);
  return conversionStanding(events.flatMap((event) => conversionEventOf(event) ?? []));
}

test('a refund of a click that is too old is a conflict, for as long as the sale is known', () => {
  const txn = clickOn(10, 1);
  const sale = at(`/aff_lsr?transaction_id=${txn}&${ofFirst}`, nowMs + 30 * dayMs);
  const refund = at(`/aff_lsr?transaction_id=${txn}&status=rejected&${ofFirst}`, nowMs + 91 * dayMs);
  expect(standingOf(sale, refund)).toMatchObject({ status: 'approved', conflicts: [{ kind: 'rejected-too-late' }] });
});

test('a conversion of a robot’s click waits, also when its order is reported for a second click', () => {
  const [robots, another] = [clickOn(11, 1, 'curl/8.0'), clickOn(11, 2)];
  const first = at(`/aff_lsr?transaction_id=${robots}&conversion_unique_id=o1&${ofFirst}`, nowMs + 60_000);
  const second = at(`/aff_lsr?transaction_id=${another}&conversion_unique_id=o1&${ofFirst}`, nowMs + 61_000);
  expect(standingOf(first, second)).toMatchObject({ firstId: first.id, status: 'pending', pendingFor: 'robot-click' });
  const refund = at(
    `/aff_lsr?transaction_id=${another}&conversion_unique_id=o1&status=rejected&${ofFirst}`,
    nowMs + 62_000,
  );
  expect(standingOf(first, second, refund)).toMatchObject({ status: 'rejected' });
});

test('an advertiser rejects no sale of another advertiser, though both use one order id in the network', () => {
  const [mine, theirs] = [clickOn(20, 1), clickOn(21, 2)];
  const sale = at(`/aff_lsr?transaction_id=${mine}&conversion_unique_id=1001&amount=50&${ofFirst}`, nowMs + 60_000);
  const foreign = at(
    `/aff_lsr?transaction_id=${theirs}&conversion_unique_id=1001&status=rejected&${ofSecond}`,
    nowMs + 90_000,
  );
  expect(standingOf(sale, foreign)).toMatchObject({ status: 'approved', conflicts: [] });
});

test('an amount of another advertiser, in another currency, pays nothing', () => {
  const [mine, theirs] = [clickOn(20, 1), clickOn(21, 2)];
  const sale = at(`/aff_lsr?transaction_id=${mine}&conversion_unique_id=1002&${ofFirst}`, nowMs + 60_000);
  const foreign = at(
    `/aff_lsr?transaction_id=${theirs}&conversion_unique_id=1002&amount=5000&${ofSecond}`,
    nowMs + 90_000,
  );
  expect(standingOf(sale, foreign)).toMatchObject({ status: 'pending', pendingFor: 'amount-missing' });
});
