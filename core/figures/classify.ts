import type { JsonValue, LoggedEvent } from '../event/event.ts';
import { uuidTimeMs } from '../event/uuid.ts';
import { quarterMs } from '../ledger/hour-state.ts';
import { hourName, hourStart } from '../log/log-key.ts';
import type { CountedOutcome, EventOutcome } from './outcome.ts';
import type { RowKey, WhyCounterName } from './row.ts';

/** A quarter of an hour in the names of rows. */
export type Quarter = Pick<RowKey, 'hour' | 'quarter'>;

/** The quarter in which an event counts, by the time in its id. */
export function quarterOf(id: string): Quarter {
  return quarterAt(uuidTimeMs(id));
}

export function quarterAt(timeMs: number): Quarter {
  return { hour: hourName(timeMs), quarter: Math.floor((timeMs - hourStart(timeMs)) / quarterMs) };
}

/** The row of an event. A click that a redirect offer took counts for that offer, any other event for its own offer. */
export function rowKeyOf(event: LoggedEvent, outcome: EventOutcome, { hour, quarter }: Quarter): RowKey {
  return {
    hour,
    quarter,
    offerId: offerOf(event, outcome),
    affiliateId: affiliateOf(event),
    goalId: goalOf(event),
    region: nameOf(event.region),
    currency: nameOf(event['currency']),
  };
}

/**
 * Lines of the previous release also have ids that the catalog did not know. All these count at 0, because made-up
 * links must not create rows.
 */
function offerOf(event: LoggedEvent, outcome: EventOutcome): number {
  if (event['reason'] === 'offer-unknown') return 0;
  const redirected = outcome === 'credited' ? event['redirect_offer_id'] : undefined;
  return idOf(redirected ?? event['offer_id']);
}

function affiliateOf(event: LoggedEvent): number {
  return event['reason'] === 'affiliate-unknown' ? 0 : idOf(event['aff_id']);
}

const typesWithGoals: readonly string[] = ['conversion', 'decision', 'adjustment'];

/** The catalog that does not know the offer does not know its goals either, so any posted number can stand there. */
function goalOf(event: LoggedEvent): number {
  if (!typesWithGoals.includes(event.type) || event['pending_for'] === 'offer-unknown') return 0;
  return idOf(event['goal_id']);
}

/** The row of all events that no operator's key has signed: whatever ids they name, they must not create rows. */
export function unsignedRowKey({ region }: LoggedEvent, { hour, quarter }: Quarter): RowKey {
  return { hour, quarter, offerId: 0, affiliateId: 0, goalId: 0, region: nameOf(region), currency: '' };
}

function idOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

const nameShape = /^[A-Za-z0-9-]{1,32}$/;

/** Any other text could contain the `#` between the parts of a row's name (row-map.ts). */
function nameOf(value: unknown): string {
  return typeof value === 'string' && nameShape.test(value) ? value : '';
}

/** The counter of an event. One line alone does not tell that a conversion is a duplicate, so that is not known here. */
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
    case 'decision':
    case 'period':
      return 'decisions';
    case 'adjustment':
      return 'adjustments';
    case 'approved':
    case 'pending':
    case 'rejected':
      return outcome;
  }
}

const reasonShape = /^[A-Za-z0-9-]{1,64}$/;

/** The counter for the reason of a rejected or waiting event. `status` stands for the posted status of a conversion. */
export function whyCounterOf(event: LoggedEvent, counter: string): WhyCounterName | undefined {
  if (counter.startsWith('rejected')) return `reason:${whyName(event['reason'])}`;
  return counter === 'pending' ? `pending_for:${whyName(event['pending_for'])}` : undefined;
}

/** A reason as a part of a counter's name. */
export function whyName(reason: JsonValue | undefined): string {
  const given = reason ?? 'status';
  return typeof given === 'string' && reasonShape.test(given) ? given : 'other';
}

/**
 * The text that stands for a click's visitor within a day of the network: the field `visitor`, else address and user agent. On a
 * line without an address nothing tells visitors apart. Each such click then has a visitor of its own.
 */
export function visitorKey(event: LoggedEvent): string {
  const { id, visitor, ip, user_agent: userAgent } = event;
  if (typeof visitor === 'string') return visitor;
  return typeof ip === 'string' ? `${ip} ${typeof userAgent === 'string' ? userAgent : ''}` : id;
}
