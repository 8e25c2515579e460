import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * What an advertiser's postbacks prove themselves with. It is 128 random bits as a rule, so a plain hash of it gives
 * nothing away, and a conversion pays for one hash only.
 */

/** 64 hex digits. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The part of a token's hash that an event keeps: enough to tell tokens apart. */
export function shortHash(hash: string): string {
  return hash.slice(0, 16);
}

/** Takes the same time wherever the two differ. */
export function isToken(token: string, hash: string): boolean {
  const [given, wanted] = [Buffer.from(hashOfToken(token), 'hex'), Buffer.from(hash, 'hex')];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
