import { createHmac } from 'node:crypto';
import { limits } from '../limits/limits.ts';
import type { TrackContext, TrackRequest } from './decision.ts';

/**
 * A mark that tells visitors apart: 16 hex digits over the full address and the full user agent, since the parts that
 * an event keeps are too short for that. Both regions sign with the same key, so they make the same mark. It changes
 * each UTC day and means nothing without the key. A deployment that keeps no addresses gets no marks.
 */
export function visitorMark(
  { ip, userAgent }: TrackRequest,
  { nowMs, keys, privacy }: TrackContext,
): {
  readonly visitor?: string;
} {
  if (privacy.clientAddress === 'none' || ip === '') return {};
  const day = new Date(nowMs).toISOString().slice(0, 10);
  const seen = ['visitor', day, ip, userAgent.slice(0, limits.link.userAgentCharactersMax)].join('|');
  const digest = createHmac('sha256', Buffer.from(keys.signing, 'hex')).update(seen).digest('hex');
  return { visitor: digest.slice(0, 16) };
}
