import type { EventFields, TrackedEvent } from '../core/event/event.ts';
import { uuidV7 } from '../core/event/uuid.ts';

const browsers = 400;

/**
 * A click like those of a busy minute. Ids, transaction ids and sub ids are as random as real ones, so that they
 * compress no better. Offers, affiliates and browsers repeat like real ones.
 */
export function sampleClick(atMs: number, seq: number, chance: () => number) {
  const below = (limit: number) => Math.floor(chance() * limit);
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => below(256)));
  const version = 90 + below(40);
  const event = {
    v: 1 as const,
    id: uuidV7(atMs, bytes(10)),
    type: 'click' as const,
    at: atMs,
    region: 'us-east-1',
    env: `env-${below(60)}`,
    seq,
    offer_id: 1 + below(300),
    aff_id: 1_000 + below(2_000),
    txn: bytes(27).toString('base64url'),
    catalog: '5f0c1d2e3a4b',
    payout: `${below(40)}.50`,
    revenue: `${below(60)}.00`,
    currency: 'USD',
    source: `placement-${below(200)}`,
    aff_sub: bytes(8).toString('hex'),
    ip: `203.0.${below(256)}.${below(256)}`,
    user_agent: `Mozilla/5.0 (Linux; Android ${8 + below(7)}; SM-G${900 + below(browsers)}U) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Mobile Safari/537.36`,
  };
  return event satisfies TrackedEvent & EventFields;
}

/**
 * Mostly a click; other types are as rare as in a network that is paid for conversions. A few offers have most of the
 * traffic, and each offer has some of the affiliates.
 */
export function sampleEvent(atMs: number, seq: number, chance: () => number): TrackedEvent & EventFields {
  const offer_id = 1 + Math.floor(300 * chance() ** 3);
  const aff_id = 1_000 + ((offer_id * 37 + Math.floor(60 * chance() ** 2)) % 2_000);
  const terms = { payout_type: 'cpa_flat', revenue_type: 'cpa_percentage', revenue_percent: '7.5' };
  const event = { ...sampleClick(atMs, seq, chance), offer_id, aff_id, ...terms };
  const visitor = event.txn.slice(0, 16);
  const draw = chance();
  if (draw < 0.9) return { ...event, visitor };
  if (draw < 0.94) return { ...event, type: 'preview', preview_by: 'WhatsApp' };
  if (draw < 0.97) return { ...event, type: 'impression', visitor, payout_type: 'cpm', revenue_type: 'cpm' };
  const conversion_key = event.id.replaceAll('-', '');
  return { ...event, type: 'conversion', status: 'approved', amount: '49.90', conversion_key };
}
