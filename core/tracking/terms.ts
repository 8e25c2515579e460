import type { Goal, Offer } from '../catalog/catalog.ts';
import type { EventFields } from '../event/event.ts';
import { presentFields } from './fields.ts';
import type { ConvertedGoal } from './goal.ts';
import type { AmountFault, PostedAmount } from './input/amount.ts';
import type { PostedConversion } from './posted.ts';

/** Money is fixed at capture, in words as in amount: what is due by an event is a function of its line. */

/** Of a click or an impression. */
export function offerTerms(version: string, offer: Offer | undefined): EventFields {
  if (offer === undefined) return { catalog: version };
  const { currency } = offer;
  return presentFields({ catalog: version, currency, ...payoutOf(offer), ...revenueOf(offer) });
}

/** Why the money of a conversion cannot be told, for example `amount-missing` or `payout-unclear`; on the event as `pending_for`. */
export type MoneyWait = 'amount-missing' | `${'amount' | 'payout' | 'revenue'}-${AmountFault}`;

interface ConversionTerms {
  readonly fields: EventFields;
  /** Absent when all that is due follows from `fields` and the posted amount. */
  readonly wait?: MoneyWait;
}

/**
 * Of a conversion: each side is what the postback says, where that is allowed; else the goal's; else the offer's. Where
 * the postback says something that cannot be used, nobody is paid by a guess: the conversion waits.
 */
export function conversionTerms(
  version: string,
  { offer, goal }: ConvertedGoal,
  posted: PostedConversion,
): ConversionTerms {
  if (offer === undefined) return { fields: { catalog: version } };
  const payout = (goal?.allow_posted_payout ?? offer.allow_posted_payout) ? posted.payout : notPosted;
  const revenue = (goal?.allow_posted_revenue ?? offer.allow_posted_revenue) ? posted.revenue : notPosted;
  const fields = presentFields({
    catalog: version,
    currency: offer.currency,
    ...(payout.kind === 'amount'
      ? { payout_type: 'cpa_flat', payout: payout.value }
      : payoutOf(goal?.payout_type ? goal : offer)),
    ...(revenue.kind === 'amount'
      ? { revenue_type: 'cpa_flat', revenue: revenue.value }
      : revenueOf(goal?.revenue_type ? goal : offer)),
  });
  const wait = waitOf('payout', payout) ?? waitOf('revenue', revenue) ?? waitOfAmount(posted.amount, fields);
  return { fields, ...(wait && { wait }) };
}

const notPosted: PostedAmount = { kind: 'absent' };

function waitOf(field: 'payout' | 'revenue' | 'amount', posted: PostedAmount): MoneyWait | undefined {
  return posted.kind === 'amount' || posted.kind === 'absent' ? undefined : `${field}-${posted.kind}`;
}

/** An amount matters where a share of it is due. A negative one is a refund, whatever the terms, and never a sale. */
function waitOfAmount(amount: PostedAmount, { payout_type: payout, revenue_type: revenue }: EventFields) {
  if (amount.kind === 'negative') return waitOf('amount', amount);
  if (![payout, revenue].some((type) => type === 'cpa_percentage' || type === 'cpa_both')) return undefined;
  return amount.kind === 'absent' ? 'amount-missing' : waitOf('amount', amount);
}

function payoutOf({ payout_type, payout, payout_percent }: Offer | Goal) {
  return { payout_type, payout, payout_percent };
}

function revenueOf({ revenue_type, revenue, revenue_percent }: Offer | Goal) {
  return { revenue_type, revenue, revenue_percent };
}
