import { createHmac } from 'node:crypto';
import { limits } from '../limits/limits.ts';
import type { TrackContext, TrackRequest } from './decision.ts';
import { subscriberOf } from './input/ip-address.ts';

/**
 * A mark that tells visitors apart: 16 hex digits over the full address (of IPv6 its /64) and the full user agent, since
 * the parts that an event keeps are too short for that. Both regions sign with the same key, so they make the same mark. It
 * changes each day of the network's time zone, because unique visitors are counted and paid by these days. It means
 * nothing without the key. Undefined in a deployment that keeps no addresses.
 */
export function visitorMark(
  { ip, userAgent }: TrackRequest,
  { nowMs, keys, privacy, dayOf }: TrackContext,
): string | undefined {
  if (privacy.clientAddress === 'none' || ip === '') return undefined;
  const agent = userAgent.slice(0, limits.link.userAgentCharactersMax);
  const seen = ['visitor', dayOf(nowMs), subscriberOf(ip), agent].join('|');
  const digest = createHmac('sha256', Buffer.from(keys.signing, 'hex')).update(seen).digest('hex');
  return digest.slice(0, 16);
}
