import { knownTypeOf, type LoggedEvent } from '../event/event.ts';

/** What an event counts as. It follows from the event's line alone, whichever release wrote it. */
export type EventOutcome =
  /** A click or an impression that is credited to an affiliate. */
  | 'credited'
  /** A click or an impression that is credited to nobody; its `reason` says why. */
  | 'uncredited'
  | 'preview'
  | 'probe'
  /** A conversion. All but the earliest of a `conversion_key` are duplicates, which one line alone does not tell. */
  | 'approved'
  | 'pending'
  | 'rejected'
  | 'test'
  /** The word of an operator. One line alone does not tell whether it is signed. */
  | 'decision'
  | 'adjustment'
  | 'period'
  /** An attempt to tell a partner of a conversion. It counts nowhere. */
  | 'postback'
  /** Only a later release understands the event. It is in no figures of this release. */
  | 'unknown';

/** The outcomes that have a counter in the figures. */
export type CountedOutcome = Exclude<EventOutcome, 'probe' | 'postback' | 'unknown'>;

export function hasCounter(outcome: EventOutcome): outcome is CountedOutcome {
  return outcome !== 'probe' && outcome !== 'postback' && outcome !== 'unknown';
}

export function eventOutcome(event: LoggedEvent): EventOutcome {
  const type = knownTypeOf(event);
  switch (type) {
    case 'click':
    case 'impression':
      return isCredited(event) ? 'credited' : 'uncredited';
    case 'conversion':
      return conversionOutcome(event);
    case 'preview':
    case 'probe':
    case 'decision':
    case 'adjustment':
    case 'period':
    case 'postback':
      return type;
    case undefined:
      return 'unknown';
  }
}

/**
 * A click without a `reason` is credited. So is a click that a redirect offer took, unless the reason is a fault of the
 * affiliate: then there is nobody to credit. A reached cap is nobody's fault.
 */
function isCredited(event: LoggedEvent): boolean {
  const reason = event['reason'];
  if (typeof reason !== 'string') return true;
  const isFaultless = reason.startsWith('offer-') || reason === 'affiliate-capped';
  return isFaultless && typeof event['redirect_offer_id'] === 'number';
}

/**
 * Earlier releases kept `test` and `status` as posted, so `status` can be any text there. In every release a conversion
 * that is not credited has a `reason`.
 */
function conversionOutcome(event: LoggedEvent): EventOutcome {
  if (event['test'] === true || event['test'] === '1') return 'test';
  if (typeof event['reason'] === 'string') return 'rejected';
  // A conversion that waits earns nothing, whatever else its line says.
  if (typeof event['pending_for'] === 'string') return 'pending';
  const status = event['status'];
  return status === 'pending' || status === 'rejected' ? status : 'approved';
}
