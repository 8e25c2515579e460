import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The id that a click hands to the advertiser and a conversion brings back. It contains all that attribution needs and
 * is signed, so either region can attribute a conversion without a look-up:
 *
 *     bytes   1        1       4        5       4      4          8
 *             version  region  seconds  random  offer  affiliate  HMAC-SHA256 of the bytes before it, truncated
 *
 * The top bit of the region byte says that a robot clicked. Releases without that rule accept the id and read the
 * region as unknown. 27 bytes are exactly 36 base64url characters without padding, so each id has only one text.
 */

export interface SigningKeys {
  /** Both as `parseSigningKey` gives them. */
  readonly signing: string;
  /**
   * Also accepted, besides the signing key. May be the same key. Rotation is explained in core/keys/key-rotation.ts.
   */
  readonly accepted: string;
}

export interface ClickIdentity {
  /** Time of the click, ms since the epoch. The id keeps whole seconds only. */
  readonly clickedAtMs: number;
  readonly region: string;
  readonly offerId: number;
  /** 0 = the click is credited to nobody. */
  readonly affiliateId: number;
  /** A robot clicked, according to its user agent. */
  readonly byRobot?: true | undefined;
}

export type VerifiedTransaction =
  | ({ readonly kind: 'valid' } & ClickIdentity)
  /** Not an id of Keeptrack: another system's id, an unexpanded macro, a typing error. */
  | { readonly kind: 'foreign' }
  /** Looks like an id of Keeptrack, but neither key signed it. */
  | { readonly kind: 'tampered' };

const version = 1;
const signedBytes = 19;
const signatureBytes = 8;
const robotBit = 0x80;
const wellFormed = /^[A-Za-z0-9_-]{36}$/;
const hexKey = /^(?:[0-9a-f]{2}){16,}$/i;

/**
 * Returns the text if it is hex of at least 32 characters, else throws an error that does not contain the key. The
 * check matters: `Buffer` drops everything from the first other character on, and anybody could sign with an empty key.
 */
export function parseSigningKey(text: string): string {
  if (!hexKey.test(text))
    throw new Error('a signing key is hex text of at least 32 characters, an even number of them');
  return text;
}

/** How many random bytes `mintTransactionId` needs. */
export const transactionRandomBytes = 5;

/** `random`: `transactionRandomBytes` unpredictable bytes. Ids must fit 32 bits. */
export function mintTransactionId(click: ClickIdentity, random: Uint8Array, keys: SigningKeys): string {
  const id = Buffer.alloc(signedBytes + signatureBytes);
  id.writeUInt8(version, 0);
  id.writeUInt8(regionNumber(click.region) | (click.byRobot ? robotBit : 0), 1);
  id.writeUInt32BE(Math.floor(click.clickedAtMs / 1_000), 2);
  id.set(random.subarray(0, transactionRandomBytes), 6);
  id.writeUInt32BE(click.offerId, 11);
  id.writeUInt32BE(click.affiliateId, 15);
  id.set(signature(id.subarray(0, signedBytes), keys.signing), signedBytes);
  return id.toString('base64url');
}

/** Never throws. Takes the same time whichever byte of a signature is wrong. */
export function verifyTransactionId(text: string, keys: SigningKeys): VerifiedTransaction {
  const id = bytesOf(text);
  if (id === undefined) return { kind: 'foreign' };
  if (!isSigned(id, keys.signing) && !isSigned(id, keys.accepted)) return { kind: 'tampered' };
  return { kind: 'valid', ...claimsOf(id) };
}

/**
 * What an id says, without checking its signature: nobody may be credited by it. Undefined for an id of another shape.
 */
export function readTransactionId(text: string): ClickIdentity | undefined {
  const id = bytesOf(text);
  return id && claimsOf(id);
}

function bytesOf(text: string): Buffer | undefined {
  const id = wellFormed.test(text) ? Buffer.from(text, 'base64url') : undefined;
  return id?.[0] === version ? id : undefined;
}

function claimsOf(id: Buffer): ClickIdentity {
  const region = id.readUInt8(1);
  return {
    clickedAtMs: id.readUInt32BE(2) * 1_000,
    region: regionOfNumber(region & ~robotBit),
    offerId: id.readUInt32BE(11),
    affiliateId: id.readUInt32BE(15),
    ...((region & robotBit) !== 0 && { byRobot: true }),
  };
}

function isSigned(id: Buffer, key: string): boolean {
  return timingSafeEqual(id.subarray(signedBytes), signature(id.subarray(0, signedBytes), key));
}

function signature(signed: Uint8Array, key: string): Buffer {
  return createHmac('sha256', Buffer.from(key, 'hex')).update(signed).digest().subarray(0, signatureBytes);
}

/**
 * A region's number is its place here, from 1. Advertisers keep ids for years, so this list only grows at its end.
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
const regions = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'af-south-1',
  'ap-east-1',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ca-central-1',
  'ca-west-1',
  'eu-central-1',
  'eu-central-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'eu-south-1',
  'eu-south-2',
  'eu-north-1',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
  'sa-east-1',
  'ap-southeast-7',
  'ap-east-2',
  'ap-southeast-6',
];

/** 0 stands for a region newer than this list. Such an id works; it only does not name its region. */
function regionNumber(region: string): number {
  return regions.indexOf(region) + 1;
}

function regionOfNumber(number: number): string {
  return regions[number - 1] ?? 'unknown';
}
