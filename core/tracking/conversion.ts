import type { EventFields } from '../event.ts';
import { keptAddress } from '../privacy.ts';
import { type VerifiedTransaction, verifyTransactionId } from '../transaction-id.ts';
import type { TrackContext } from './context.ts';
import { conversionKey } from './conversion-key.ts';
import { type ConversionOutcome, conversionOutcome } from './conversion-outcome.ts';
import type { Decision, TrackRequest } from './decision.ts';
import { given, otherFields, present, visitorFields } from './fields.ts';
import { type Converted, convertedBy } from './goal.ts';
import { conversionFieldNames } from './parameter-names.ts';
import type { Parameters } from './parameters.ts';
import { json, text } from './replies.ts';
import { conversionTerms } from './terms.ts';

/**
 * `/aff_lsr` and `/aff_goal?a=lsr`: an advertiser's server reports a conversion. Senders compare the body with a
 * literal, and one that is rejected is answered like a good one: whoever guesses ids or tokens learns nothing.
 */
export function decideConversion(request: TrackRequest, parameters: Parameters, context: TrackContext): Decision {
  const { known } = parameters;
  const verified = verifyTransactionId(known.get('transaction_id') ?? '', context.keys);
  const converted = convertedBy(verified, parameters, context.catalog);
  const fields = {
    ...attributionFields(known.get('transaction_id'), verified),
    ...goalFields(verified, converted, parameters),
    ...outcomeFields(conversionOutcome(request, parameters, context, verified, converted)),
    ...present({ test: isTest(known.get('test')) || undefined }),
    ...present({ conversion_key: keyOf(verified, converted, parameters) }),
    ...conversionTerms(context.catalog.version, converted, parameters),
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
function attributionFields(transactionId: string | undefined, verified: VerifiedTransaction): EventFields {
  if (verified.kind !== 'valid') return present({ txn: transactionId });
  return present({
    offer_id: verified.offerId,
    aff_id: verified.affiliateId,
    txn: transactionId,
    click_at: verified.clickedAtMs,
    click_region: verified.region,
  });
}

/** A number only where it means a goal: whatever else was posted would be a row of its own in the figures. */
function goalFields(verified: VerifiedTransaction, { goalId }: Converted, { known }: Parameters): EventFields {
  if (verified.kind !== 'valid' || goalId === undefined) return present({ goal_id_given: known.get('goal_id') });
  return present({ goal_id: goalId || undefined });
}

function outcomeFields(outcome: ConversionOutcome): EventFields {
  switch (outcome.status) {
    case 'approved':
      return { status: outcome.status };
    case 'pending':
      return { status: outcome.status, pending_for: outcome.wait };
    case 'rejected':
      return { status: outcome.status, reason: outcome.reason };
  }
}

function isTest(test: string | undefined): boolean {
  return test === '1' || test === 'true';
}

/** Without a transaction of ours, or for a goal that there is not, nothing could be recognised by it. */
function keyOf(
  verified: VerifiedTransaction,
  { offer, goal, goalId }: Converted,
  parameters: Parameters,
): string | undefined {
  const transactionId = parameters.known.get('transaction_id');
  if (verified.kind !== 'valid' || !transactionId || goalId === undefined) return undefined;
  const allowsSeveral = goal?.allow_multiple_conversions ?? offer?.allow_multiple_conversions ?? false;
  return conversionKey(transactionId, goalId, allowsSeveral, parameters);
}

/** What the postback says that the signed id, the offer or we decide: kept, under another name than what we hold true. */
function postedFields({ known }: Parameters): EventFields {
  return present({
    posted_offer_id: known.get('offer_id'),
    posted_aff_id: known.get('aff_id'),
    posted_payout: known.get('payout'),
    posted_revenue: known.get('revenue'),
    posted_status: known.get('status'),
  });
}
