import { accessFault, type CatalogText, isActiveAffiliate, type OfferText } from './catalog-text.ts';
import type { ExpectedEvent } from './expected-event.ts';
import type { SaleReport } from './sale-standing.ts';

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
  /** Of clicks and impressions. What a conversion is worth follows from all reports of its sale. */
  readonly payoutMicros: bigint;
  readonly revenueMicros: bigint;
  /** Only the visitor's first click of the day earns this money, by the figures of the day. */
  readonly isPaidByDay?: boolean;
  /** Absent when the event says nothing about a sale. The counter then is the event's own. */
  readonly report?: SaleReport;
}

export const noMoney = { payoutMicros: 0n, revenueMicros: 0n };

export function refused(counter: string, reason: string) {
  return { counter, reason, ...noMoney };
}

/** Unknown ids count together, at offer 0 and affiliate 0. `fault` says what is wrong with the affiliate. */
export function placeOf(
  { offer_id: offerText, aff_id: affiliateText }: ExpectedEvent['parameters'],
  catalog: CatalogText,
) {
  const offer = catalog.offers.get(Number(offerText)) ?? noOffer(offerText);
  const affiliateId = catalog.affiliates.get(Number(affiliateText))?.id ?? 0;
  const fault = affiliateFault(affiliateText, affiliateId, catalog) || accessFault(catalog, offer, affiliateId);
  return { offer, affiliateId, isCreditable: fault === '', fault };
}

function affiliateFault(given: string | undefined, affiliateId: number, catalog: CatalogText): string {
  if (affiliateId === 0) return `affiliate-${given ? 'unknown' : 'missing'}`;
  return isActiveAffiliate(catalog, affiliateId) ? '' : 'affiliate-inactive';
}

function noOffer(given: string | undefined): OfferText {
  return { id: 0, advertiser_id: 0, status: given ? 'unknown' : 'missing', currency: '' };
}

export function currencyOf(offer: OfferText, catalog: CatalogText): string {
  return offer.currency ?? catalog.currency;
}
