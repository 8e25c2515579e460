import type { EventFields, TrackedEvent } from '../core/event/event.ts';
import { uuidV7 } from '../core/event/uuid.ts';

const browsers = 400;

/**
 * A click like those of a busy minute. Ids, transaction ids and sub ids are as random as real ones, so that they
 * compress no better. Offers, affiliates and browsers repeat like real ones.
 */
export function sampleClick(atMs: number, seq: number, chance: () => number) {
  const below = (limit: number) => Math.floor(chance() * limit);
  const bytes = (length: number) => randomBytes(length, chance);
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

/** Four bytes from each random number, because the benchmarks make millions of events. */
function randomBytes(length: number, chance: () => number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.ceil(length / 4) * 4);
  for (let offset = 0; offset < length; offset += 4) bytes.writeUInt32LE(chance() * 2 ** 32, offset);
  return bytes.subarray(0, length);
}

/** How the events of an hour spread over pairs of an offer and an affiliate. Each pair makes rows of its own. */
export interface Spread {
  readonly offers: number;
  readonly affiliatesOfOffer: number;
  /** 1 = every pair is equally active. Larger: a few pairs have most of the traffic. */
  readonly skew: number;
}

/** A few offers have most of the traffic, and each offer has some of the affiliates. */
export const usualSpread: Spread = { offers: 300, affiliatesOfOffer: 60, skew: 3 };

/** 100,000 pairs that are all active in an hour with a million clicks or more: as many rows as a large network has. */
export const manyRows: Spread = { offers: 2_000, affiliatesOfOffer: 50, skew: 1 };

/** Mostly a click. 3 in 100 are conversions, each with its own key. Previews and impressions are rare. */
export function sampleEvent(
  atMs: number,
  seq: number,
  chance: () => number,
  { offers, affiliatesOfOffer, skew }: Spread = usualSpread,
): TrackedEvent & EventFields {
  const offer_id = 1 + Math.floor(offers * chance() ** skew);
  const place = Math.floor(affiliatesOfOffer * chance() ** Math.min(2, skew));
  const aff_id = 1_000 + ((offer_id * 37 + place) % 2_000);
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
