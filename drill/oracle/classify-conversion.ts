import { hasShare, isPlainDecimal, type Price } from './amounts.ts';
import {
  type AdvertiserText,
  type CatalogText,
  type GoalText,
  landingOffer,
  type OfferText,
  type TermsText,
} from './catalog-text.ts';
import { type ClassifiedEvent, currencyOf, noMoney, placeOf, refused } from './classified-event.ts';
import { dayOf } from './event-time.ts';
import type { ExpectedEvent } from './expected-event.ts';
import type { SaleReport } from './sale-standing.ts';
import { termsFor } from './terms-for.ts';

export function classifyConversion(event: ExpectedEvent, catalog: CatalogText): ClassifiedEvent {
  const { offer: clicked, affiliateId, isCreditable } = placeOf(event.click, catalog);
  const landing = landingOffer(catalog, clicked.id, affiliateId, dayOf(event.id), event.cappedFor !== undefined);
  const credited = isCreditable && landing !== undefined;
  const offer = landing ?? clicked;
  const goal = goalOf(event.parameters, offer);
  return {
    offerId: offer.id,
    affiliateId: credited ? affiliateId : 0,
    goalId: typeof goal === 'object' ? goal.id : 0,
    currency: currencyOf(offer, catalog),
    ...conversion(event, { offer, goal, affiliateId, credited, catalog }),
  };
}

type NamedGoal = GoalText | 'none' | 'unknown';

interface Sold {
  readonly offer: OfferText;
  readonly goal: NamedGoal;
  readonly affiliateId: number;
  readonly credited: boolean;
  readonly catalog: CatalogText;
}

type Outcome = Pick<ClassifiedEvent, 'counter' | 'reason' | 'payoutMicros' | 'revenueMicros' | 'report'>;

function conversion(event: ExpectedEvent, sold: Sold): Outcome {
  const { parameters } = event;
  const { offer, catalog } = sold;
  if (parameters['test'] === '1') return refused('tests', '');
  const advertiser = catalog.advertisers.get(offer.advertiser_id);
  const refusal = event.senderRefusal ?? senderRefusal(event, advertiser);
  if (refusal !== '') return refused('rejected', refusal);
  if (!sold.credited) return refused('rejected', 'click-not-credited');
  const report = reportOf(event, sold, advertiser);
  const { status: counter, why: reason } = report;
  // Under rules 1 a rejection by the advertiser was no part of its sale.
  const isHeard = event.rules > 1 || counter !== 'rejected';
  return { counter, reason, ...noMoney, ...(isHeard && { report }) };
}

function reportOf(event: ExpectedEvent, sold: Sold, advertiser?: AdvertiserText): SaleReport {
  const { offer, goal, affiliateId, catalog } = sold;
  const { id, rules, parameters } = event;
  const terms = termsFor(affiliateId, offer, typeof goal === 'object' ? goal : undefined, id, catalog);
  const prices = pricesOf(parameters, terms);
  const posted = statusOf(parameters['status'] ?? '', advertiser);
  const why = posted === 'rejected' ? 'rejected-by-advertiser' : waitOf(posted, { goal, terms, prices, parameters });
  const { amount = '' } = parameters;
  return {
    kind: 'report',
    id,
    sale: saleOf(parameters, goal, terms),
    rules,
    status: posted === 'rejected' ? 'rejected' : why === '' ? 'approved' : 'pending',
    why,
    isProven: rules > 1 && hasProof(advertiser),
    currency: currencyOf(offer, catalog),
    ...prices,
    amount: isPlainDecimal(amount) ? amount : '',
  };
}

/** Reports of the same text are about one sale. Where an offer allows several, the advertiser's own id tells them apart. */
function saleOf(parameters: ExpectedEvent['parameters'], goal: NamedGoal, terms: TermsText): string {
  const ownId = parameters['conversion_unique_id'] || parameters['adv_sub'] || '';
  const unknownGoal = `unknown ${goalTextOf(parameters)}`;
  const goalText = goal === 'unknown' ? unknownGoal : typeof goal === 'object' ? String(goal.id) : '';
  return JSON.stringify([parameters['transaction_id'], goalText, terms.allow_multiple_conversions ? ownId : '']);
}

function goalOf(parameters: ExpectedEvent['parameters'], { goals = [], advertiser_id }: OfferText): NamedGoal {
  const { goal_id: id, goal_ref: ref, goal_name: name, adv_id: advertiser } = parameters;
  if (id) return goals.find((goal) => goal.id === Number(id)) ?? 'unknown';
  if (ref) return goals.find((goal) => goal.ref === ref) ?? 'unknown';
  if (!name) return 'none';
  const isOwn = !advertiser || Number(advertiser) === advertiser_id;
  return goals.find((goal) => isOwn && goal.name.toLowerCase() === name.toLowerCase()) ?? 'unknown';
}

function goalTextOf({ goal_id: id, goal_ref: ref, goal_name: name }: ExpectedEvent['parameters']): string {
  return (id || ref || name || '').toLowerCase();
}

/** The meaning of a posted status, without regard to case and blanks around it. The advertiser's own words come first. */
function statusOf(
  posted: string,
  advertiser: AdvertiserText | undefined,
): 'approved' | 'pending' | 'rejected' | 'unknown' {
  const word = posted.trim().toLowerCase();
  const own = (['approved', 'pending', 'rejected'] as const).find((status) =>
    advertiser?.status_words?.[status]?.some((one) => String(one).trim().toLowerCase() === word),
  );
  if (own !== undefined) return own;
  if (['', 'approved', 'confirmed'].includes(word)) return 'approved';
  if (['pending', 'on hold'].includes(word)) return 'pending';
  return ['rejected', 'declined'].includes(word) ? 'rejected' : 'unknown';
}

interface Terms {
  readonly goal: NamedGoal;
  readonly terms: TermsText;
  readonly prices: Prices;
  readonly parameters: ExpectedEvent['parameters'];
}

/** Why an otherwise good conversion waits for a person; empty when it does not wait. */
function waitOf(
  posted: ReturnType<typeof statusOf>,
  { goal, terms, prices: { payout, revenue }, parameters: { amount = '' } }: Terms,
): string {
  if (posted === 'pending') return 'pending-by-advertiser';
  if (posted === 'unknown') return 'status-unknown';
  if (goal === 'unknown') return 'goal-unknown';
  if (terms.approve_conversions) return 'approval';
  return (hasShare(payout) || hasShare(revenue)) && amount === '' ? 'amount-missing' : '';
}

/**
 * A drill signs nothing, and never sends from an address that an advertiser lists. So an advertiser who signs refuses it,
 * and so does a list of addresses.
 */
function senderRefusal({ parameters }: ExpectedEvent, advertiser: AdvertiserText | undefined): string {
  const {
    security_token: right,
    security_token_hash: hash,
    signed_postbacks: signs,
    ip_whitelist: addresses,
  } = advertiser ?? {};
  if (right !== undefined || hash !== undefined) {
    const given = parameters['security_token'];
    if (!given) return 'security-token-missing';
    if (given !== right) return 'security-token-wrong';
  } else if (signs) return 'signature-missing';
  return addresses === undefined ? '' : 'ip-not-allowed';
}

/** Whether the advertiser has a proof. All that is not refused here brought it, and in a drill only tokens can be right. */
function hasProof({ security_token, security_token_hash }: Partial<AdvertiserText> = {}): boolean {
  return security_token !== undefined || security_token_hash !== undefined;
}

type Prices = Readonly<Record<'payout' | 'revenue', Price>>;

/** A posted price takes the place of the catalog's where the offer allows that. */
function pricesOf({ payout = '', revenue = '' }: ExpectedEvent['parameters'], terms: TermsText): Prices {
  const posted = (flat: string): Price => ({ type: 'cpa_flat', flat, percent: undefined });
  const byPayout = terms.allow_posted_payout && isPlainDecimal(payout);
  const byRevenue = terms.allow_posted_revenue && isPlainDecimal(revenue);
  const toAffiliate = { type: terms.payout_type, flat: terms.payout, percent: terms.payout_percent };
  const fromAdvertiser = { type: terms.revenue_type, flat: terms.revenue, percent: terms.revenue_percent };
  return {
    payout: byPayout ? posted(payout) : toAffiliate,
    revenue: byRevenue ? posted(revenue) : fromAdvertiser,
  };
}
