import { createHash } from 'node:crypto';
import type { EventFields } from '../event.ts';
import { keptAddress } from '../privacy.ts';
import { type VerifiedTransaction, verifyTransactionId } from '../transaction-id.ts';
import type { TrackContext } from './context.ts';
import type { Decision, TrackRequest } from './decision.ts';
import { given, idFields, moneyFields, otherFields, parseId, present, visitorFields } from './fields.ts';
import { conversionFieldNames } from './parameter-names.ts';
import type { Parameters } from './parameters.ts';
import { json, text } from './replies.ts';

/**
 * `/aff_lsr` and `/aff_goal?a=lsr`: an advertiser's server reports a conversion. Senders compare the body with a
 * literal, and an unknown transaction is answered like a good one: whoever guesses ids learns nothing.
 */
export function decideConversion(request: TrackRequest, parameters: Parameters, context: TrackContext): Decision {
  const { known } = parameters;
  const transactionId = known.get('transaction_id') ?? '';
  const verified = verifyTransactionId(transactionId, context.keys);
  const fields = {
    ...attributionFields(transactionId, verified),
    ...present({ conversion_key: conversionKey(parameters) }),
    ...moneyFields(
      context.catalog.version,
      verified.kind === 'valid' ? context.catalog.offers.get(verified.offerId) : undefined,
    ),
    ...idFields(parameters, ['goal_id']),
    ...given(parameters, conversionFieldNames),
    ...postedFields(parameters),
    ...present({ conv_ip: keptAddress(known.get('conv_ip') ?? '', context.privacy.clientAddress) }),
    ...visitorFields(request, context.privacy),
    ...otherFields(parameters),
  };
  const reply = known.get('format') === 'json' ? json(200, { success: true }) : text(200, 'success=true;');
  return { kind: 'capture', draft: { type: 'conversion', fields }, reply };
}

/** Offer, affiliate and click come from the signed id only, never from the postback's own `offer_id`. */
function attributionFields(transactionId: string, verified: VerifiedTransaction): EventFields {
  if (transactionId === '') return { reason: 'transaction-missing' };
  if (verified.kind !== 'valid') return { txn: transactionId, reason: `transaction-${verified.kind}` };
  return present({
    offer_id: verified.offerId,
    aff_id: verified.affiliateId,
    txn: transactionId,
    click_at: verified.clickedAtMs,
    click_region: verified.region,
    reason: verified.affiliateId === 0 ? 'click-not-credited' : undefined,
  });
}

/** What the postback says that the signed id or the offer decides: kept, under another name than what we hold true. */
function postedFields({ known }: Parameters): EventFields {
  return present({
    posted_offer_id: known.get('offer_id'),
    posted_aff_id: known.get('aff_id'),
    posted_payout: known.get('payout'),
    posted_revenue: known.get('revenue'),
  });
}

/**
 * The same conversion has the same key in whichever region and on whichever day it is reported: 32 hex characters over
 * transaction, goal and the advertiser's own id for it. Without a transaction there is nothing to recognise.
 */
function conversionKey({ known }: Parameters): string | undefined {
  const transactionId = known.get('transaction_id');
  if (!transactionId) return undefined;
  const uniqueId = known.get('conversion_unique_id') || known.get('adv_sub') || '';
  const parts = JSON.stringify([transactionId, goalOf(known), uniqueId]);
  return createHash('sha256').update(parts).digest('hex').slice(0, 32);
}

/** A goal is named by its id, else by its reference, else by name and advertiser; none means the offer's default goal. */
function goalOf(known: Parameters['known']): readonly string[] {
  const id = known.get('goal_id');
  if (id) return ['id', String(parseId(id) ?? id)];
  const reference = known.get('goal_ref');
  if (reference) return ['ref', reference];
  const name = known.get('goal_name');
  return name ? ['name', name, known.get('adv_id') ?? ''] : [];
}
