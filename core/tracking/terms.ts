import type { Goal, Offer } from '../catalog/catalog.ts';
import type { EventFields } from '../event/event.ts';
import { presentFields } from './fields.ts';
import type { ConvertedGoal } from './goal.ts';
import type { AmountFault, PostedAmount } from './input/amount.ts';
import type { PostedConversion } from './posted.ts';

/**
 * Payout and revenue are fixed at capture: what an event earns follows from its line alone (core/money/earnings.ts).
 */

/** The terms of a click or an impression. */
export function offerTerms(version: string, offer: Offer | undefined): EventFields {
  if (offer === undefined) return { catalog: version };
  const { currency } = offer;
  return presentFields({ catalog: version, currency, ...payoutOf(offer), ...revenueOf(offer) });
}

/** Why the payment of a conversion is unclear, for example `amount-missing`; on the event as `pending_for`. */
export type MoneyWait = 'amount-missing' | `${'amount' | 'payout' | 'revenue'}-${AmountFault}`;

interface ConversionTerms {
  readonly fields: EventFields;
  /** Absent when payout and revenue follow from `fields` and the posted amount. */
  readonly wait?: MoneyWait;
}

/**
 * The terms of a conversion. Payout and revenue each come from the postback, where that is allowed, else from the goal,
 * else from the offer. When a posted value cannot be used, the conversion waits: nobody is paid by a guess.
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

/** The amount only matters when a share of it is due. But a negative amount is a refund, which always waits. */
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
