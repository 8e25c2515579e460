import type { PostbackStanding } from '../../../core/catalog/catalog.ts';
import type { PostbackFiring, PostbackNames } from '../../../core/postbacks/expand-postback.ts';
import { affiliateNames, conversionFieldNames, deviceNames } from '../../../core/tracking/input/parameter-names.ts';

/** A conversion that does not exist: every macro has a value by which a partner sees that it is an example. */
export function exampleFiring(standing: PostbackStanding, nowMs: number): PostbackFiring {
  return {
    idempotencyId: `example-${nowMs}`,
    standing,
    conversionId: 'example-conversion',
    transactionId: 'example-transaction',
    offerId: 1,
    affiliateId: 1,
    goalId: 0,
    currency: 'USD',
    payout: '1.00',
    amount: '10.00',
    atMs: nowMs,
    reachedAtMs: nowMs,
    clickFacts: { ...examplesOf([...affiliateNames, ...deviceNames]), url_id: '1', file_id: '1' },
    reportFacts: examplesOf([...conversionFieldNames]),
  };
}

export const exampleNames: PostbackNames = {
  offers: new Map([[1, { id: 1, name: 'Example offer', ref: 'example-offer', advertiser_id: 1, goals: [] }]]),
  affiliates: new Map([[1, { id: 1, name: 'Example affiliate', ref: 'example-affiliate' }]]),
  advertisers: new Map([[1, { ref: 'example-advertiser' }]]),
  creatives: new Map([[1, { file_name: 'example.png' }]]),
};

function examplesOf(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, `example-${name}`]));
}
