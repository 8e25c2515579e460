import { createHash } from 'node:crypto';
import { newestHour } from '../../core/alerts/alert-hour.ts';
import type { LoggedEvent } from '../../core/event/event.ts';
import { uuidV7 } from '../../core/event/uuid.ts';
import { minuteMs } from '../../core/log/log-key.ts';

/** Events that a network should be told of: an offer that stops selling, and a cap that fills up. */

/** Rule 1 of the sample catalog looks at this offer, and asks for 20 conversions at a rate of 0.5 %: 4,000 clicks. */
const watchedOfferId = 1_500;
const clickCount = 4_200;

/**
 * Clicks of the watched offer, and no sale, in the last quarter of the hour that alerts look at now. They stay in that
 * hour for three quarters of an hour. Each is like a click of the load. None when the load has not clicked there yet.
 */
export function clicksWithoutSales(clicks: readonly LoggedEvent[], nowMs: number): readonly LoggedEvent[] {
  const models = clicks.filter(isOfWatchedOffer);
  const fromMs = newestHour(nowMs).endMs - 10 * minuteMs;
  return Array.from({ length: models.length === 0 ? 0 : clickCount }, (_, index) => {
    const { env: _env, seq: _seq, captured_before: _before, ...model } = models[index % models.length] as LoggedEvent;
    return { ...model, ...identity(`click ${index}`, fromMs + index) };
  });
}

function isOfWatchedOffer({ type, offer_id, reason, redirect_offer_id: taker }: LoggedEvent): boolean {
  return type === 'click' && offer_id === watchedOfferId && reason === undefined && taker === undefined;
}

/** An affiliate of the sample catalog who may sell 1,000 of an offer in a day. Nobody else's cap comes near its limit. */
const capped = { offer_id: 730, aff_id: 48_001 };
const prices = { payout_type: 'cpa_flat', payout: '6.00', revenue_type: 'cpa_flat', revenue: '9.00' };

/** `count` sales of the affiliate who has the cap, of now. */
export function cappedSales(count: number, region: string, nowMs: number): readonly LoggedEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const own = identity(`sale ${index}`, Math.floor(nowMs));
    const conversion_key = createHash('sha256').update(own.txn).digest('hex').slice(0, 32);
    const sale = { type: 'conversion', region, rules: 2, status: 'approved', conversion_key };
    return { v: 1, ...own, ...sale, ...capped, currency: 'USD', ...prices };
  });
}

function identity(name: string, atMs: number) {
  const random = createHash('sha256').update(`${name} ${atMs}`).digest();
  return { id: uuidV7(atMs, random), at: atMs, txn: random.toString('base64url').slice(0, 36) };
}
