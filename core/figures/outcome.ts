import { knownTypeOf, type LoggedEvent } from '../event/event.ts';

/** What an event counts as, read from its line alone, whichever release wrote it. */
export type EventOutcome =
  /** A click or an impression to somebody's credit. */
  | 'credited'
  /** A click or an impression with a `reason` why it is to nobody's credit. */
  | 'uncredited'
  | 'preview'
  | 'probe'
  /** A conversion; those of one `conversion_key` but for the earliest are duplicates, which no line knows of itself. */
  | 'approved'
  | 'pending'
  | 'rejected'
  | 'test'
  /** Only a later release understands it: it stays in the log, and is in no figures. */
  | 'unknown';

/** What figures have a counter for. */
export type CountedOutcome = Exclude<EventOutcome, 'probe' | 'unknown'>;

export function hasCounter(outcome: EventOutcome): outcome is CountedOutcome {
  return outcome !== 'probe' && outcome !== 'unknown';
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
      return type;
    case undefined:
      return 'unknown';
  }
}

/**
 * A click on an offer that could not take it is to the credit of its redirect offer, when one took it: its `reason`
 * then speaks of the offer. One that speaks of the affiliate leaves nobody to credit.
 */
function isCredited(event: LoggedEvent): boolean {
  const reason = event['reason'];
  if (typeof reason !== 'string') return true;
  return reason.startsWith('offer-') && typeof event['redirect_offer_id'] === 'number';
}

/**
 * `test` was kept as it was posted by earlier releases, and so was `status`, which may say anything there; what they
 * did not credit has a `reason` in every release.
 */
function conversionOutcome(event: LoggedEvent): EventOutcome {
  if (event['test'] === true || event['test'] === '1') return 'test';
  if (typeof event['reason'] === 'string') return 'rejected';
  // Whatever else a later release says of a conversion that waits, it does not pay.
  if (typeof event['pending_for'] === 'string') return 'pending';
  const status = event['status'];
  return status === 'pending' || status === 'rejected' ? status : 'approved';
}
