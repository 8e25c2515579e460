import { createHmac } from 'node:crypto';
import { limits } from '../limits/limits.ts';
import type { TrackContext, TrackRequest } from './decision.ts';

/**
 * By what visitors are told apart: 16 hex characters over the address and the user agent as they came, since what is kept
 * of them is too little for it. The same in both regions, since both sign with the same key; another one each UTC day,
 * and useless without the key. Where no address is kept at all, nobody wants visitors told apart by it either.
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
