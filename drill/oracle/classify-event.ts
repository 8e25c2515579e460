import { isPlainDecimal, microsDue } from './amounts.ts';
import {
  type AdvertiserText,
  type CatalogText,
  type GoalText,
  isActiveAffiliate,
  isOpenOffer,
  landingOffer,
  type OfferText,
  type TermsText,
} from './catalog-text.ts';
import type { ExpectedEvent } from './expected-event.ts';

/** The row and the counter of one event, according to docs/links.md and the catalog's text. */
export interface ClassifiedEvent {
  /** For example `clicks` or `approved`. */
  readonly counter: string;
  /** Why the event was rejected or waits; empty when neither. */
  readonly reason: string;
  readonly offerId: number;
  readonly affiliateId: number;
  readonly goalId: number;
  readonly currency: string;
  readonly payoutMicros: bigint;
  readonly revenueMicros: bigint;
  /** Of all events with the same text, only the earliest counts. Empty when the event competes with none. */
  readonly competesFor: string;
}

/** The UTC day of the time in the id. */
function dayOf(eventId: string): string {
  return hourOfEvent(eventId).slice(0, 10);
}

/** The UTC hour of the time in the id, for example `2026-11-23T05`. */
export function hourOfEvent(eventId: string): string {
  return new Date(Number.parseInt(eventId.replaceAll('-', '').slice(0, 12), 16)).toISOString().slice(0, 13);
}

/** The quarter of an hour of the time in the id, as the UTC minute in which it begins: `2026-11-23T05:15`. */
export function quarterOfEvent(eventId: string): string {
  const timeMs = Number.parseInt(eventId.replaceAll('-', '').slice(0, 12), 16);
  return new Date(timeMs - (timeMs % 900_000)).toISOString().slice(0, 16);
}

export function classifyEvent(event: ExpectedEvent, catalog: CatalogText): ClassifiedEvent {
  switch (event.type) {
    case 'click':
      return classifyClick(event, catalog);
    case 'impression':
      return classifyImpression(event, catalog);
    case 'conversion':
      return classifyConversion(event, catalog);
  }
}

function classifyClick({ id, parameters }: ExpectedEvent, catalog: CatalogText): ClassifiedEvent {
  const { offer, affiliateId, isActive, fault } = placeOf(parameters, catalog);
  const landing = landingOffer(catalog, offer.id, dayOf(id));
  const paid = landing ?? offer;
  const reason = landing === undefined ? refusalOf(offer, dayOf(id), fault) : fault;
  return landing !== undefined && isActive
    ? { ...place(landing.id, affiliateId, 0, currencyOf(paid, catalog)), ...counted('clicks', paid, 'click') }
    : { ...place(offer.id, affiliateId, 0, currencyOf(paid, catalog)), ...refused('rejected_clicks', reason) };
}

function classifyImpression({ id, parameters }: ExpectedEvent, catalog: CatalogText): ClassifiedEvent {
  const { offer, affiliateId, isActive, fault } = placeOf(parameters, catalog);
  const isCredited = isActive && isOpenOffer(offer, dayOf(id));
  return {
    ...place(offer.id, affiliateId, 0, currencyOf(offer, catalog)),
    ...(isCredited
      ? counted('impressions', offer, 'impression')
      : refused('rejected_impressions', refusalOf(offer, dayOf(id), fault))),
  };
}

/** Unknown ids count together, at offer 0 and affiliate 0. `fault` says what is wrong with the affiliate. */
function placeOf({ offer_id: offerText, aff_id: affiliateText }: ExpectedEvent['parameters'], catalog: CatalogText) {
  const affiliate = catalog.affiliates.get(Number(affiliateText));
  return {
    offer: catalog.offers.get(Number(offerText)) ?? noOffer(offerText),
    affiliateId: affiliate?.id ?? 0,
    isActive: isActiveAffiliate(catalog, affiliate?.id ?? 0),
    fault: affiliate ? 'affiliate-inactive' : `affiliate-${affiliateText ? 'unknown' : 'missing'}`,
  };
}

function noOffer(given: string | undefined): OfferText {
  return { id: 0, advertiser_id: 0, status: given ? 'unknown' : 'missing', currency: '' };
}

/** The reason of a refusal: the offer's, or else the affiliate's. */
function refusalOf(offer: OfferText, day: string, affiliateFault: string): string {
  if (isOpenOffer(offer, day)) return affiliateFault;
  if (offer.id === 0) return `offer-${offer.status}`;
  const isExpired = offer.status === 'expired' || (offer.expiration_date ?? '9999-12-31') < day;
  return isExpired ? 'offer-expired' : 'offer-inactive';
}

function currencyOf(offer: OfferText, catalog: CatalogText): string {
  return offer.currency ?? catalog.currency;
}

function place(offerId: number, affiliateId: number, goalId: number, currency: string) {
  return { offerId, affiliateId, goalId, currency };
}

function counted(counter: string, terms: TermsText, occasion: 'click' | 'impression', competesFor = '') {
  return { counter, reason: '', competesFor, ...moneyOf(terms, terms, occasion, undefined) };
}

const nothing = { payoutMicros: 0n, revenueMicros: 0n };

function refused(counter: string, reason: string) {
  return { counter, reason, competesFor: '', ...nothing };
}

function moneyOf(
  payout: TermsText,
  revenue: TermsText,
  occasion: Parameters<typeof microsDue>[1],
  amount: string | undefined,
) {
  const toAffiliate = { type: payout.payout_type, flat: payout.payout, percent: payout.payout_percent };
  const fromAdvertiser = { type: revenue.revenue_type, flat: revenue.revenue, percent: revenue.revenue_percent };
  return {
    payoutMicros: microsDue(toAffiliate, occasion, amount),
    revenueMicros: microsDue(fromAdvertiser, occasion, amount),
  };
}

function classifyConversion(event: ExpectedEvent, catalog: CatalogText): ClassifiedEvent {
  const { offer: clicked, affiliateId, isActive } = placeOf(event.click, catalog);
  const landing = landingOffer(catalog, clicked.id, dayOf(event.id));
  const credited = isActive && landing !== undefined;
  const offer = landing ?? clicked;
  const conversionClass = conversion(event, offer, credited, catalog);
  return {
    ...place(offer.id, credited ? affiliateId : 0, conversionClass.goalId, currencyOf(offer, catalog)),
    ...conversionClass,
  };
}

type Conversion = Omit<ClassifiedEvent, 'offerId' | 'affiliateId' | 'currency'>;

function ownIdOf(parameters: ExpectedEvent['parameters']): string {
  return parameters['conversion_unique_id'] || parameters['adv_sub'] || '';
}

function conversion(event: ExpectedEvent, offer: OfferText, credited: boolean, catalog: CatalogText): Conversion {
  const { parameters } = event;
  const goal = goalOf(parameters, offer);
  const goalId = typeof goal === 'object' ? goal.id : 0;
  if (parameters['test'] === '1') return { goalId, ...refused('tests', '') };
  const advertiser = catalog.advertisers.get(offer.advertiser_id);
  const refusal = event.senderRefusal ?? senderRefusal(event, advertiser);
  if (refusal !== '') return { goalId, ...refused('rejected', refusal) };
  if (!credited) return { goalId, ...refused('rejected', 'click-not-credited') };
  const status = statusOf(parameters['status'] ?? '', advertiser);
  if (status === 'rejected') return { goalId, ...refused('rejected', 'rejected-by-advertiser') };
  const terms = termsOf(offer, typeof goal === 'object' ? goal : undefined);
  const ownId = terms.allow_multiple_conversions ? ownIdOf(parameters) : '';
  const goalText = goal === 'unknown' ? `unknown ${goalTextOf(parameters)}` : goalId === 0 ? '' : String(goalId);
  const competesFor = JSON.stringify([parameters['transaction_id'], goalText, ownId]);
  const wait = waitOf(status, goal, terms, parameters);
  if (wait !== '') return { goalId, ...refused('pending', wait), competesFor };
  return { goalId, counter: 'approved', reason: '', competesFor, ...dueBy(parameters, terms) };
}

function goalOf(
  parameters: ExpectedEvent['parameters'],
  { goals = [], advertiser_id }: OfferText,
): GoalText | 'none' | 'unknown' {
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

/** Why an otherwise good conversion waits for a person; empty when it does not wait. */
function waitOf(
  status: ReturnType<typeof statusOf>,
  goal: ReturnType<typeof goalOf>,
  terms: TermsText,
  { amount = '' }: ExpectedEvent['parameters'],
): string {
  if (status === 'pending') return 'pending-by-advertiser';
  if (status === 'unknown') return 'status-unknown';
  if (goal === 'unknown') return 'goal-unknown';
  const hasShare = [terms.payout_type, terms.revenue_type].some((type) => type?.match(/percentage|both/));
  if (hasShare && amount === '') return 'amount-missing';
  return terms.approve_conversions ? 'approval' : '';
}

/** A drill never sends from an address that an advertiser lists, so a list of addresses always refuses it. */
function senderRefusal({ parameters }: ExpectedEvent, advertiser: AdvertiserText | undefined): string {
  const { security_token: right, security_token_hash: hash, ip_whitelist: addresses } = advertiser ?? {};
  if (right !== undefined || hash !== undefined) {
    const given = parameters['security_token'];
    if (!given) return 'security-token-missing';
    if (given !== right) return 'security-token-wrong';
  }
  return addresses === undefined ? '' : 'ip-not-allowed';
}

/** A goal's own terms replace the offer's: the payout as a whole, the revenue as a whole, and each switch. */
function termsOf(offer: OfferText, goal: GoalText | undefined): TermsText {
  if (goal === undefined) return offer;
  const hasPayout = goal.payout_type !== undefined || goal.payout !== undefined;
  const hasRevenue = goal.revenue_type !== undefined || goal.revenue !== undefined;
  const { payout_type, payout, payout_percent } = hasPayout ? goal : offer;
  const { revenue_type, revenue, revenue_percent } = hasRevenue ? goal : offer;
  const prices = { payout_type, payout, payout_percent, revenue_type, revenue, revenue_percent };
  return withoutUndefined({ ...offer, ...goal, ...prices });
}

function withoutUndefined(terms: Readonly<Record<string, unknown>>): TermsText {
  return Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined));
}

function dueBy({ payout = '', revenue = '', amount }: ExpectedEvent['parameters'], terms: TermsText) {
  const byPayout = terms.allow_posted_payout && isPlainDecimal(payout);
  const byRevenue = terms.allow_posted_revenue && isPlainDecimal(revenue);
  return moneyOf(
    byPayout ? { payout_type: 'cpa_flat', payout } : terms,
    byRevenue ? { revenue_type: 'cpa_flat', revenue } : terms,
    'conversion',
    amount,
  );
}
