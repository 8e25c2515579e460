import { describe, expect, test } from 'vitest';
import type { Offer } from '../../../core/catalog/catalog.ts';
import { mintTransactionId } from '../../../core/event/transaction-id.ts';
import { conversionKey, scopedConversionKey } from '../../../core/tracking/conversion-key.ts';
import { noParameters, parseParameters } from '../../../core/tracking/input/parameters.ts';
import { candidateKeys, parseReference } from '../../../operator/conversions/conversion-reference.ts';
import { keys, sampleCatalog } from '../../core/tracking/ask.ts';
import { sampleMs } from '../../sample-lines.ts';
import { keyNumber, report } from '../some-conversions.ts';

const identity = { clickedAtMs: sampleMs, region: 'us-east-1', offerId: 488, affiliateId: 7 };
const transactionId = mintTransactionId(identity, new Uint8Array(5), keys);

test('an id is a conversion key, an event id or a transaction id, and nothing else', () => {
  expect(parseReference(keyNumber(1))).toEqual({ kind: 'key', key: keyNumber(1) });
  expect(parseReference(report(1).id)).toEqual({ kind: 'event', eventId: report(1).id });
  expect(parseReference(transactionId)).toEqual({ kind: 'transaction', transactionId });
  expect(parseReference(` ${keyNumber(1).toUpperCase()} `)).toEqual({ kind: 'key', key: keyNumber(1) });
  expect(parseReference(`${transactionId}\n`)).toEqual({ kind: 'transaction', transactionId });
  for (const text of ['', 'x', `${keyNumber(1)}0`, '=1+1', transactionId.replace('AQ', 'Zz')]) {
    expect(parseReference(text)).toBeUndefined();
  }
});

describe('the keys of a transaction', () => {
  test('are those of every goal of its offer, or of the goal that is named', () => {
    const keyOf = (goal: number) => conversionKey(transactionId, goal, false, noParameters);
    const all = candidateKeys({ kind: 'transaction', transactionId }, sampleCatalog);
    expect(all).toEqual([0, 2, 7, 9].map(keyOf));
    expect(candidateKeys({ kind: 'transaction', transactionId }, undefined)).toEqual([keyOf(0)]);
    expect(candidateKeys({ kind: 'transaction', transactionId, goalId: 7 }, sampleCatalog)).toEqual([keyOf(7)]);
  });

  test('depend on the advertiser’s own id, as in a postback', () => {
    const parsed = parseParameters('conversion_unique_id=order+1', new Set(['conversion_unique_id']));
    if (parsed.kind === 'rejected') throw new Error(parsed.reason);
    const asked = { kind: 'transaction', transactionId, goalId: 9, uniqueId: 'order 1' } as const;
    expect(candidateKeys(asked, sampleCatalog)).toEqual([conversionKey(transactionId, 9, true, parsed.parameters)]);
    const offer = { ...(sampleCatalog.offers.get(488) as Offer), unique_id_scope: 'offer' } as const;
    const wide = { ...sampleCatalog, offers: new Map([[488, offer]]) };
    expect(candidateKeys(asked, wide)).toEqual([scopedConversionKey(offer, 9, parsed.parameters)]);
  });
});
