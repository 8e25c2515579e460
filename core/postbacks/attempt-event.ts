import type { Postback } from '../catalog/catalog.ts';
import type { LoggedEvent } from '../event/event.ts';
import { uuidV7 } from '../event/uuid.ts';
import type { Delivery } from './delivery-state.ts';
import { maskedTarget } from './masked-target.ts';
import type { PostbackOutcome } from './outcome.ts';

/** One attempt to tell a partner of a conversion. */
export interface Attempt {
  readonly postback: Postback;
  /** As it is after the attempt. */
  readonly delivery: Delivery;
  readonly outcome: PostbackOutcome;
  /** When the attempt ended, ms since the epoch. */
  readonly atMs: number;
}

/**
 * The event of an attempt. It has no number of an environment, as operators' events have none. Its target comes from the
 * catalog and not from the request, so nothing in the event identifies a person. `random`: 10 unpredictable bytes.
 */
export function attemptEvent(attempt: Attempt, region: string, random: Uint8Array): LoggedEvent {
  const { postback, delivery, outcome, atMs } = attempt;
  const { id, line, attempts, status, dueAtMs } = delivery;
  const at = Math.floor(atMs);
  const httpStatus = outcome.kind === 'refused' ? undefined : outcome.status;
  return {
    v: 1,
    id: uuidV7(at, random),
    type: 'postback',
    at,
    region,
    offer_id: line.offerId,
    aff_id: line.affiliateId,
    ...(line.goalId > 0 && { goal_id: line.goalId }),
    status: line.standing,
    conversion_key: line.key,
    conversion_id: line.firstId,
    postback_id: postback.id,
    firing: id,
    attempt: attempts,
    method: postback.method,
    target: maskedTarget(postback.url),
    outcome: outcome.kind === 'delivered' ? 'delivered' : outcome.why,
    ...(httpStatus !== undefined && { http_status: httpStatus }),
    duration_ms: Math.round(outcome.ms),
    ...(status === 'due' && { next_at: dueAtMs }),
  };
}
