import type { JsonValue, LoggedEvent } from '../event/event.ts';
import type { CountedOutcome, EventOutcome } from './outcome.ts';
import type { RowKey, WhyCounterName } from './row.ts';

/** Where an event counts: a click that a redirect offer took at that one, everything else at the offer it names. */
export function rowKeyOf(event: LoggedEvent, outcome: EventOutcome, hour: string): RowKey {
  return {
    hour,
    offerId: offerOf(event, outcome),
    affiliateId: affiliateOf(event),
    goalId: goalOf(event),
    region: nameOf(event.region),
    currency: nameOf(event['currency']),
  };
}

/** Tells rows of an hour apart, and costs less than their keys. */
export function rowNameOf(event: LoggedEvent, outcome: EventOutcome): string {
  const { region, currency } = event;
  return `${offerOf(event, outcome)}#${affiliateOf(event)}#${goalOf(event)}#${nameOf(region)}#${nameOf(currency)}`;
}

/**
 * Lines of the release before name by number also what the catalog did not know. Whoever follows made-up links must not
 * get a row for each, nor a place for each in the directory of offers.
 */
function offerOf(event: LoggedEvent, outcome: EventOutcome): number {
  if (event['reason'] === 'offer-unknown') return 0;
  const redirected = outcome === 'credited' ? event['redirect_offer_id'] : undefined;
  return idOf(redirected ?? event['offer_id']);
}

function affiliateOf(event: LoggedEvent): number {
  return event['reason'] === 'affiliate-unknown' ? 0 : idOf(event['aff_id']);
}

function goalOf(event: LoggedEvent): number {
  return event.type === 'conversion' ? idOf(event['goal_id']) : 0;
}

function idOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

const nameShape = /^[A-Za-z0-9-]{1,32}$/;

/** What is no name could not be told from its neighbours in a sort key. */
function nameOf(value: unknown): string {
  return typeof value === 'string' && nameShape.test(value) ? value : '';
}

/** The one class of an event, but for duplicates, which no line knows of itself. */
export function counterOf({ type }: LoggedEvent, outcome: CountedOutcome) {
  switch (outcome) {
    case 'credited':
      return type === 'click' ? 'clicks' : 'impressions';
    case 'uncredited':
      return type === 'click' ? 'rejected_clicks' : 'rejected_impressions';
    case 'preview':
      return 'previews';
    case 'test':
      return 'tests';
    case 'approved':
    case 'pending':
    case 'rejected':
      return outcome;
  }
}

const reasonShape = /^[A-Za-z0-9-]{1,64}$/;

/** Why an event of a class was rejected or waits. A conversion may be so by what its sender says, without a reason of ours. */
export function whyCounterOf(event: LoggedEvent, counter: string): WhyCounterName | undefined {
  if (counter.startsWith('rejected')) return `reason:${whyOf(event['reason'])}`;
  return counter === 'pending' ? `pending_for:${whyOf(event['pending_for'])}` : undefined;
}

function whyOf(reason: JsonValue | undefined): string {
  const given = reason ?? 'status';
  return typeof given === 'string' && reasonShape.test(given) ? given : 'other';
}

/**
 * The text that stands for a click's visitor within a UTC day: the field `visitor`, else address and user agent. On a
 * line without an address nothing tells visitors apart. Each such click then has a visitor of its own.
 */
export function visitorKey(event: LoggedEvent): string {
  const { id, visitor, ip, user_agent: userAgent } = event;
  if (typeof visitor === 'string') return visitor;
  return typeof ip === 'string' ? `${ip} ${userAgent ?? ''}` : id;
}
