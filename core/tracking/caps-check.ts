import type { Cap, CapName, OfferCaps } from '../caps/cap.ts';
import type { ClosedCap } from '../caps/closed-caps.ts';
import { formatStampedCaps, type StampedCap } from '../caps/stamped-caps.ts';
import type { Affiliate, Catalog, Offer } from '../catalog/catalog.ts';
import type { TrackContext } from './decision.ts';
import type { PossibleFields } from './fields.ts';
import type { ConvertedGoal } from './goal.ts';

/** A cap that keeps a click from an offer. */
export interface CapFault {
  readonly refusal: 'offer-capped' | 'affiliate-capped';
  readonly cap: CapName;
}

export type CapsContext = Pick<TrackContext, 'catalog' | 'closedCaps' | 'nowMs'>;

/**
 * Undefined when the offer can take the click. `affiliateId` is 0 when nobody would be credited. A cap that the catalog
 * no longer has stops nothing, although the object of closed caps still names it for a minute.
 */
export function capFault(offerId: number, affiliateId: number, context: CapsContext): CapFault | undefined {
  const caps = context.catalog.caps.get(offerId);
  if (caps === undefined) return undefined;
  const closed = context.closedCaps.get(offerId);
  if (closed === undefined) return undefined;
  const ofOffer = closedNow(closed.get(0), caps.own, context.nowMs);
  if (ofOffer !== undefined) return { refusal: 'offer-capped', cap: ofOffer };
  if (affiliateId === 0) return undefined;
  const ofAffiliate = closedNow(closed.get(affiliateId), caps.byAffiliate.get(affiliateId), context.nowMs);
  return ofAffiliate && { refusal: 'affiliate-capped', cap: ofAffiliate };
}

function closedNow(
  closed: readonly ClosedCap[] = [],
  inForce: OfferCaps['own'] = [],
  nowMs: number,
): CapName | undefined {
  return closed.find(
    ({ name, fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs && inForce.some((cap) => cap.name === name),
  )?.name;
}

/** The hard caps that a credited click takes part in. `terms` are its fields of payout and revenue. */
export function clickCapFields(
  { catalog }: CapsContext,
  offer: Offer | undefined,
  affiliate: Affiliate | undefined,
  { payout_type: payout, revenue_type: revenue }: PossibleFields,
): PossibleFields {
  const caps = offer && hardCaps(offer, catalog);
  if (caps === undefined || affiliate === undefined) return {};
  return stampFields(caps, affiliate.id, { ofClick: true, payout: payout === 'cpc', revenue: revenue === 'cpc' });
}

/** The hard caps that a conversion takes part in, and what becomes of it above them. */
export function conversionCapFields(
  { catalog }: CapsContext,
  { offer, goalId }: ConvertedGoal,
  affiliateId: number,
): PossibleFields {
  const caps = offer && hardCaps(offer, catalog);
  if (caps === undefined || (goalId !== 0 && !caps.countsGoals)) return {};
  const fields = stampFields(caps, affiliateId, { ofClick: false, payout: true, revenue: true });
  return fields['caps'] && caps.overCap === 'pending' ? { ...fields, over_cap: caps.overCap } : fields;
}

/** Soft caps change nothing for what was captured, so no line needs them. */
function hardCaps({ id }: Offer, { caps }: Catalog): OfferCaps | undefined {
  const found = caps.get(id);
  return found?.mode === 'hard' ? found : undefined;
}

/** What of an event counts for caps: one click or one conversion, and its money or not. */
interface Counting {
  readonly ofClick: boolean;
  readonly payout: boolean;
  readonly revenue: boolean;
}

/** The ledger must know whether other goals took room too. */
function stampFields(caps: OfferCaps, affiliateId: number, counting: Counting): PossibleFields {
  const text = stampText(caps, affiliateId, counting);
  return text === '' ? {} : { caps: text, caps_count_goals: caps.countsGoals || undefined };
}

/** Made when first needed, and kept as long as the catalog: making a text costs more than all other checks of a click. */
const stampTexts = new WeakMap<OfferCaps, Map<number, string>>();

function stampText(caps: OfferCaps, affiliateId: number, counting: Counting): string {
  const affiliates = caps.byAffiliate.get(affiliateId);
  const kind = Number(counting.ofClick) + 2 * Number(counting.payout) + 4 * Number(counting.revenue);
  const key = (affiliates ? affiliateId : 0) * 8 + kind;
  const texts = stampTexts.get(caps) ?? new Map<number, string>();
  const known = texts.get(key);
  if (known !== undefined) return known;
  const counted = ({ measure }: Cap) =>
    measure === 'payout' || measure === 'revenue'
      ? counting[measure]
      : measure === (counting.ofClick ? 'click' : 'conversion');
  const stamped = (all: readonly Cap[], isAffiliates: boolean) =>
    all.filter(counted).map((cap): StampedCap => ({ ...cap, isAffiliates }));
  const text = formatStampedCaps([...stamped(caps.own, false), ...stamped(affiliates ?? [], true)]);
  stampTexts.set(caps, texts.set(key, text));
  return text;
}
