import { type EventFields, encodeLine, type TrackedEvent } from '../../core/event.ts';
import { encodeOwed } from '../../core/owed.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import { segmentsOf } from '../../core/segment.ts';
import { uuidV7 } from '../../core/uuid.ts';

export interface Debt {
  readonly body: string;
  readonly eventCount: number;
  readonly lineBytes: number;
}

const browsers = 400;

/**
 * Failure-queue messages like those of a busy minute: clicks whose ids, transaction ids and sub ids are as random as
 * real ones, so that they shrink no better, and whose offers, affiliates and browsers repeat as real ones do.
 */
export function makeDebts(bucket: string, count: number, eventsEach: number, startMs: number): readonly Debt[] {
  const chance = seededChance(count);
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => Math.floor(chance() * 256)));
  return Array.from({ length: count }, (_, index) => {
    const lines = Array.from({ length: eventsEach }, (_, seq) =>
      encodeLine(click(startMs + index * 10_000 + Math.floor(chance() * 8_000), seq, chance, bytes)),
    );
    const [segment, ...others] = segmentsOf(lines);
    if (!segment || others.length > 0) throw new Error('the events of a message make more than one segment');
    const lineBytes = Math.round(lines.join('\n').length / lines.length);
    return { body: encodeOwed({ ...segment, bucket }), eventCount: segment.eventCount, lineBytes };
  });
}

function click(
  atMs: number,
  seq: number,
  chance: () => number,
  bytes: (length: number) => Buffer,
): TrackedEvent & EventFields {
  const below = (limit: number) => Math.floor(chance() * limit);
  const version = 90 + below(40);
  return {
    v: 1,
    id: uuidV7(atMs, bytes(10)),
    type: 'click',
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
}
