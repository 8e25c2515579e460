import { affiliateTermsAt } from '../catalog/affiliate-terms.ts';
import type { AffiliateTerms, Goal, Offer } from '../catalog/catalog.ts';
import type { EventFields } from '../event/event.ts';
import type { TrackContext } from './decision.ts';
import { type PossibleFields, presentFields } from './fields.ts';
import type { ConvertedGoal } from './goal.ts';
import type { AmountFault, PostedAmount } from './input/amount.ts';
import type { PostedConversion } from './posted.ts';

/**
 * Payout and revenue are fixed at capture: what an event earns follows from its line alone (core/money/earnings.ts).
 * The terms are those in force when the click, the impression or the conversion itself comes.
 */

type TermsContext = Pick<TrackContext, 'catalog' | 'nowMs'>;

/** The terms of a click or an impression. `affiliateId` is absent when nobody is credited. */
export function offerTerms(context: TermsContext, offer: Offer | undefined, affiliateId = 0): PossibleFields {
  const { version: catalog } = context.catalog;
  if (offer === undefined) return { catalog };
  const payout = catalogTerms('payout', { offer }, affiliateId, context);
  const revenue = catalogTerms('revenue', { offer }, affiliateId, context);
  return { catalog, currency: offer.currency, ...termsFields(payout, revenue) };
}

/** Why the payment of a conversion is unclear, for example `amount-missing`; on the event as `pending_for`. */
export type MoneyWait = 'amount-missing' | `${'amount' | 'payout' | 'revenue'}-${AmountFault}`;

interface ConversionTerms {
  readonly fields: EventFields;
  /** Absent when payout and revenue follow from `fields` and the posted amount. */
  readonly wait?: MoneyWait;
}

/**
 * The terms of a conversion. Payout and revenue each come from the postback, where that is allowed, else from the
 * catalog. When a posted value cannot be used, the conversion waits: nobody is paid by a guess.
 */
export function conversionTerms(
  context: TermsContext,
  { offer, goal }: ConvertedGoal,
  affiliateId: number,
  posted: PostedConversion,
): ConversionTerms {
  const { version: catalog } = context.catalog;
  if (offer === undefined) return { fields: { catalog } };
  const payout = (goal?.allow_posted_payout ?? offer.allow_posted_payout) ? posted.payout : notPosted;
  const revenue = (goal?.allow_posted_revenue ?? offer.allow_posted_revenue) ? posted.revenue : notPosted;
  const converted = { offer, ...(goal && { goal }) };
  const payoutTerms: PayoutTerms =
    payout.kind === 'amount'
      ? { payout_type: 'cpa_flat', payout: payout.value }
      : catalogTerms('payout', converted, affiliateId, context);
  const revenueTerms: RevenueTerms =
    revenue.kind === 'amount'
      ? { revenue_type: 'cpa_flat', revenue: revenue.value }
      : catalogTerms('revenue', converted, affiliateId, context);
  const fields = presentFields({ catalog, currency: offer.currency, ...termsFields(payoutTerms, revenueTerms) });
  const wait = waitOf('payout', payout) ?? waitOf('revenue', revenue) ?? waitOfAmount(posted.amount, fields);
  return { fields, ...(wait && { wait }) };
}

const notPosted: PostedAmount = { kind: 'absent' };

type PayoutTerms = Pick<AffiliateTerms, 'payout_type' | 'payout' | 'payout_percent'>;
type RevenueTerms = Pick<AffiliateTerms, 'revenue_type' | 'revenue' | 'revenue_percent'>;

/**
 * The goal's terms come before those of the whole offer. On each of the two levels, the affiliate's own terms come
 * before the usual ones. A goal without terms of its own has those of the offer.
 */
function catalogTerms(
  side: 'payout' | 'revenue',
  { offer, goal }: { readonly offer: Offer; readonly goal?: Goal },
  affiliateId: number,
  { catalog, nowMs }: TermsContext,
): Offer | Goal | AffiliateTerms {
  const own = (goalId: number) =>
    affiliateTermsAt(catalog.affiliateTerms, side, [offer.id, affiliateId, goalId], nowMs);
  const ofGoal = goal && (own(goal.id) ?? (goal[`${side}_type`] && goal));
  return ofGoal ?? own(0) ?? offer;
}

function termsFields(ofPayout: PayoutTerms, ofRevenue: RevenueTerms) {
  const { payout_type, payout, payout_percent } = ofPayout;
  const { revenue_type, revenue, revenue_percent } = ofRevenue;
  const terms = 'affiliate_id' in ofPayout || 'affiliate_id' in ofRevenue ? 'affiliate' : undefined;
  return { payout_type, payout, payout_percent, revenue_type, revenue, revenue_percent, terms };
}

function waitOf(field: 'payout' | 'revenue' | 'amount', posted: PostedAmount): MoneyWait | undefined {
  return posted.kind === 'amount' || posted.kind === 'absent' ? undefined : `${field}-${posted.kind}`;
}

/** The amount only matters when a share of it is due. But a negative amount is a refund, which always waits. */
function waitOfAmount(amount: PostedAmount, { payout_type: payout, revenue_type: revenue }: EventFields) {
  if (amount.kind === 'negative') return waitOf('amount', amount);
  if (![payout, revenue].some((type) => type === 'cpa_percentage' || type === 'cpa_both')) return undefined;
  return amount.kind === 'absent' ? 'amount-missing' : waitOf('amount', amount);
}
