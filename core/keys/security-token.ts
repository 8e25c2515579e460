import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * The security token with which an advertiser's postbacks prove where they come from. A token normally has 128 random
 * bits, so a plain SHA-256 does not reveal it and is cheap enough for every conversion.
 */

/** 64 hex digits. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The part of a token's hash that an event keeps. It is enough to tell tokens apart. */
export function shortHash(hash: string): string {
  return hash.slice(0, 16);
}

/** Whether `hash` is that of the token. Takes the same time wherever the hashes differ. */
export function isToken(token: string, hash: string): boolean {
  const [given, wanted] = [Buffer.from(hashOfToken(token), 'hex'), Buffer.from(hash, 'hex')];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
