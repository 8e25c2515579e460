import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SigningKeys } from '../event/transaction-id.ts';

/**
 * The keys with which advertisers sign their postbacks. A key follows from a signing key of the deployment
 * (key-rotation.ts), the advertiser's id and a number. So no catalog and no log holds one, both regions know each key,
 * and a rotation of the signing keys has two valid keys for each advertiser until its last step.
 *
 * The signing keys also sign transaction ids and make visitor marks. Those texts begin otherwise, so nothing that
 * Keeptrack publishes is a key of an advertiser.
 */

/** 64 hex digits. The advertiser uses this text itself as the key of HMAC-SHA256. */
export function postbackKey(signingKey: string, advertiserId: number, number: number): string {
  const text = `postback key|${advertiserId}|${number}`;
  return createHmac('sha256', Buffer.from(signingKey, 'hex')).update(text).digest('hex');
}

/** The numbers of an advertiser's keys when its catalog entry names none. */
export const firstPostbackKeys: readonly number[] = [1];

/** All keys that count for the advertiser now. */
export function postbackKeys(
  { signing, accepted }: SigningKeys,
  advertiserId: number,
  numbers: readonly number[] = firstPostbackKeys,
): readonly string[] {
  const signingKeys = signing === accepted ? [signing] : [signing, accepted];
  return signingKeys.flatMap((key) => numbers.map((number) => postbackKey(key, advertiserId, number)));
}

const hexOfHash = /^[0-9a-f]{64}$/i;

/** Whether `signature` (hex) is that of the text. Takes the same time wherever a signature is wrong. */
export function isSignature(signature: string, text: string, key: string): boolean {
  if (!hexOfHash.test(signature)) return false;
  return timingSafeEqual(Buffer.from(signature, 'hex'), createHmac('sha256', key).update(text).digest());
}
