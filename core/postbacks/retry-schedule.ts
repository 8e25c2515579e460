import { limits } from '../limits/limits.ts';
import { changed, type Delivery } from './delivery-state.ts';
import type { PostbackOutcome } from './outcome.ts';

const { retryPausesSeconds, retryAfterSecondsMax } = limits.postbacks;

/**
 * The delivery after an attempt that ended at `nowMs`. The pauses grow. A partner that says Retry-After is not asked
 * earlier. The last attempt leaves the delivery failed.
 */
export function afterAttempt(delivery: Delivery, outcome: PostbackOutcome, nowMs: number): Delivery {
  const attempts = delivery.attempts + 1;
  const ended = { attempts, last: outcomeWord(outcome), lastAtMs: Math.floor(nowMs) };
  if (outcome.kind === 'delivered') return changed(delivery, { ...ended, status: 'delivered' });
  const pauseSeconds = retryPausesSeconds[attempts - 1];
  if (pauseSeconds === undefined) return changed(delivery, { ...ended, status: 'failed' });
  const askedSeconds = outcome.kind === 'failed' ? (outcome.retryAfterSeconds ?? 0) : 0;
  const waitSeconds = Math.max(pauseSeconds, Math.min(askedSeconds, retryAfterSecondsMax));
  return changed(delivery, { ...ended, status: 'due', dueAtMs: Math.floor(nowMs) + waitSeconds * 1_000 });
}

/** `delivered 200`, `timeout`, `status 503`, `private-address`. */
function outcomeWord(outcome: PostbackOutcome): string {
  if (outcome.kind === 'delivered') return `delivered ${outcome.status}`;
  if (outcome.kind === 'refused') return outcome.why;
  return outcome.status === undefined ? outcome.why : `${outcome.why} ${outcome.status}`;
}

/** The delivery as an operator wants it: sent again from now on, with all attempts as in the beginning. */
export function retriedByHand(delivery: Delivery, nowMs: number): Delivery {
  return changed(delivery, { status: 'due', attempts: 0, dueAtMs: Math.floor(nowMs) });
}
