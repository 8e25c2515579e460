import { forgedOperator } from '../faults/planted-object.ts';
import { microsDue } from './amounts.ts';
import { type CatalogText, isOpenOffer, landingOffer, type OfferText, type TermsText } from './catalog-text.ts';
import { type ClassifiedEvent, currencyOf, noMoney, placeOf, refused } from './classified-event.ts';
import { classifyConversion } from './classify-conversion.ts';
import { dayOf } from './event-time.ts';
import type { ExpectedEvent } from './expected-event.ts';
import { termsFor } from './terms-for.ts';

export function classifyEvent(event: ExpectedEvent, catalog: CatalogText): ClassifiedEvent {
  switch (event.type) {
    case 'click':
      return classifyClick(event, catalog);
    case 'impression':
      return classifyImpression(event, catalog);
    case 'conversion':
      return classifyConversion(event, catalog);
    case 'decision':
      return operatorsEvent(event, 'decisions');
    case 'adjustment':
      return operatorsEvent(event, 'adjustments');
  }
}

function classifyClick({ id, parameters, rules, cappedFor }: ExpectedEvent, catalog: CatalogText): ClassifiedEvent {
  const { offer, affiliateId, isCreditable, fault } = placeOf(parameters, catalog);
  const landing = landingOffer(catalog, offer.id, affiliateId, dayOf(id), cappedFor !== undefined);
  const paid = landing ?? offer;
  const reason = landing === undefined ? cappedFor || refusalOf(offer, dayOf(id), fault) : fault;
  const isPaidByDay = rules > 1 && paid.pay_unique_clicks_only === true;
  return landing !== undefined && isCreditable
    ? {
        ...place(landing.id, affiliateId, currencyOf(paid, catalog)),
        ...counted('clicks', termsFor(affiliateId, paid, undefined, id, catalog), 'click'),
        isPaidByDay,
      }
    : { ...place(offer.id, affiliateId, currencyOf(paid, catalog)), ...refused('rejected_clicks', reason) };
}

function classifyImpression({ id, parameters }: ExpectedEvent, catalog: CatalogText): ClassifiedEvent {
  const { offer, affiliateId, isCreditable, fault } = placeOf(parameters, catalog);
  const isCredited = isCreditable && isOpenOffer(offer, dayOf(id));
  return {
    ...place(offer.id, affiliateId, currencyOf(offer, catalog)),
    ...(isCredited
      ? counted('impressions', termsFor(affiliateId, offer, undefined, id, catalog), 'impression')
      : refused('rejected_impressions', refusalOf(offer, dayOf(id), fault))),
  };
}

/** The reason of a refusal: the offer's, or else the affiliate's. */
function refusalOf(offer: OfferText, day: string, affiliateFault: string): string {
  if (isOpenOffer(offer, day)) return affiliateFault;
  if (offer.id === 0) return `offer-${offer.status}`;
  const isExpired = offer.status === 'expired' || (offer.expiration_date ?? '9999-12-31') < day;
  return isExpired ? 'offer-expired' : 'offer-inactive';
}

function place(offerId: number, affiliateId: number, currency: string) {
  return { offerId, affiliateId, goalId: 0, currency };
}

function counted(counter: string, terms: TermsText, occasion: 'click' | 'impression') {
  const { payout_type, payout, payout_percent, revenue_type, revenue, revenue_percent } = terms;
  return {
    counter,
    reason: '',
    payoutMicros: microsDue({ type: payout_type, flat: payout, percent: payout_percent }, occasion, undefined),
    revenueMicros: microsDue({ type: revenue_type, flat: revenue, percent: revenue_percent }, occasion, undefined),
  };
}

/** An operator's event names its row itself. All that are forged count together, because they may name anything. */
function operatorsEvent({ parameters }: ExpectedEvent, counter: string): ClassifiedEvent {
  const none = { reason: '', ...noMoney };
  if (parameters['operator'] === forgedOperator) return { counter: 'unsigned', ...place(0, 0, ''), ...none };
  const numberOf = (name: string) => Number(parameters[name] ?? 0);
  const named = place(numberOf('offer_id'), numberOf('aff_id'), parameters['currency'] ?? '');
  return { counter, ...named, goalId: numberOf('goal_id'), ...none };
}
