import type { Advertiser, Catalog } from '../catalog/catalog.ts';
import { keptAddress } from '../event/privacy.ts';
import { type VerifiedTransaction, verifyTransactionId } from '../event/transaction-id.ts';
import { conversionCapFields } from './caps-check.ts';
import { conversionKey, scopedConversionKey } from './conversion-key.ts';
import { type ConversionOutcome, conversionOutcome } from './conversion-outcome.ts';
import { conversionReply } from './conversion-reply.ts';
import type { Decision, TrackContext, TrackRequest } from './decision.ts';
import { ifDifferent, namedFields, otherFields, type PossibleFields, presentFields, visitorFields } from './fields.ts';
import { type ConvertedGoal, convertedGoal, namedGoalText } from './goal.ts';
import { idText, parseId } from './input/id.ts';
import { conversionFieldNames } from './input/parameter-names.ts';
import type { Parameters } from './input/parameters.ts';
import { trimBlanks } from './input/word.ts';
import { postedFields, readPostedConversion } from './posted.ts';
import { type CheckedSender, checkSender } from './sender.ts';
import { conversionTerms } from './terms.ts';

/** `/aff_lsr` and `/aff_goal?a=lsr`: an advertiser's server reports a conversion. */
export function decideConversion(request: TrackRequest, parameters: Parameters, context: TrackContext): Decision {
  const { catalog, keys, privacy, nowMs } = context;
  const { known } = parameters;
  const transactionId = idText(known.get('transaction_id') ?? '');
  const verified = verifyTransactionId(transactionId, keys);
  const converted = convertedGoal(verified, parameters, catalog);
  const posted = readPostedConversion(parameters, converted.offer, catalog);
  const affiliateId = verified.kind === 'valid' ? verified.affiliateId : 0;
  const terms = conversionTerms(context, converted, affiliateId, posted);
  const sender = checkSender(request, parameters, advertiserOf(verified, converted, parameters, catalog), context);
  const outcome = conversionOutcome({
    nowMs,
    transactionId,
    verified,
    converted,
    posted,
    sender,
    moneyWait: terms.wait,
  });
  const fields = presentFields(
    attributionFields(transactionId, verified),
    { txn_given: ifDifferent(known.get('transaction_id'), transactionId) },
    goalFields(verified, converted, parameters),
    outcomeFields(outcome),
    { money_wait: terms.wait },
    senderFields(verified, sender),
    {
      conversion_key: keyOf(transactionId, verified, converted, parameters),
      advertiser_id: converted.offer?.unique_id_scope === 'network' ? converted.offer.advertiser_id : undefined,
    },
    terms.fields,
    conversionCapFields(context, converted, affiliateId),
    namedFields(parameters, conversionFieldNames),
    postedFields(parameters, posted),
    { conv_ip: keptAddress(trimBlanks(known.get('conv_ip') ?? ''), privacy.clientAddress) },
    visitorFields(request, privacy),
    otherFields(parameters, request),
  );
  const reply = conversionReply(parameters, outcome, sender, { transactionId, catalog });
  return { kind: 'capture', draft: { type: 'conversion', fields }, reply };
}

/** An id that is not valid names no advertiser. `adv_id` then says whose proof the postback brings, for the reply. */
function advertiserOf(
  verified: VerifiedTransaction,
  { offer }: ConvertedGoal,
  { known }: Parameters,
  { advertisers }: Catalog,
): Advertiser | undefined {
  const id = verified.kind === 'valid' ? offer?.advertiser_id : parseId(known.get('adv_id'));
  return advertisers.get(id ?? 0);
}

/** Offer, affiliate and click come from the signed transaction id only, never from the postback's own parameters. */
function attributionFields(transactionId: string, verified: VerifiedTransaction): PossibleFields {
  if (verified.kind !== 'valid') return { txn: transactionId };
  return {
    offer_id: verified.offerId,
    aff_id: verified.affiliateId,
    txn: transactionId,
    click_at: verified.clickedAtMs,
    click_region: verified.region,
  };
}

/** `goal_id` is set only for a goal of the offer. Any other number would make a row of its own in the figures. */
function goalFields(verified: VerifiedTransaction, { goalId }: ConvertedGoal, { known }: Parameters): PossibleFields {
  const givenId = known.get('goal_id');
  if (verified.kind !== 'valid' || goalId === undefined) return { goal_id_given: givenId };
  return {
    goal_id: goalId || undefined,
    goal_id_given: goalId ? ifDifferent(givenId, String(goalId)) : undefined,
  };
}

function outcomeFields(outcome: ConversionOutcome): PossibleFields {
  switch (outcome.status) {
    case 'approved':
      return { status: outcome.status };
    case 'pending':
      return { status: outcome.status, pending_for: outcome.wait };
    case 'rejected':
      return { status: outcome.status, reason: outcome.reason, pending_for: outcome.wait };
  }
}

/** What a report changes later depends on who sent it (core/conversions/standing.ts). */
function senderFields({ kind }: VerifiedTransaction, { refusal, isProven }: CheckedSender): PossibleFields {
  if (kind !== 'valid' || refusal !== undefined) return {};
  return { sender: isProven ? 'proven' : 'unproven' };
}

/**
 * An unknown goal counts by its posted text, so that repeated reports are recognised. Without a valid transaction id
 * there is no key.
 */
function keyOf(
  transactionId: string,
  verified: VerifiedTransaction,
  { offer, goal, goalId }: ConvertedGoal,
  parameters: Parameters,
): string | undefined {
  if (verified.kind !== 'valid') return undefined;
  const goalText = goalId ?? namedGoalText(parameters);
  const scoped = offer && scopedConversionKey(offer, goalText, parameters);
  if (scoped !== undefined) return scoped;
  const allowsSeveral = goal?.allow_multiple_conversions ?? offer?.allow_multiple_conversions ?? false;
  return conversionKey(transactionId, goalText, allowsSeveral, parameters);
}
