import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import { type CapName, type CapOwner, isCapName } from './cap.ts';

/**
 * Which caps are closed, as `stats` of one region found them. It writes the object about once a minute to both log
 * buckets, and `track` holds it in memory. An open hard cap has an entry too: it closes at the time until which, at
 * the recent rate, what is left lasts. While figures lag, nobody writes the object again, and the cap closes then.
 */

/** The prefix of all objects about caps. */
export const capsPrefix = 'caps/';

/** The key of a region's object, in either log bucket. */
export function closedCapsKey(region: string): string {
  return `${capsPrefix}${region}.json`;
}

/** A cap that takes no clicks from `fromMs` to `toMs`, ms since the epoch. */
export interface ClosedCap {
  readonly name: CapName;
  /** 0: the cap is reached. */
  readonly fromMs: number;
  /** The end of the cap's period. Infinity for a lifetime. */
  readonly toMs: number;
}

/** By offer, then by affiliate; affiliate 0 is the offer as a whole. So a click needs no text as a key. */
export type ClosedCapsIndex = ReadonlyMap<number, ReadonlyMap<number, readonly ClosedCap[]>>;

export interface ClosedCaps {
  /** The region whose `stats` wrote it. */
  readonly region: string;
  /** The figures behind it have every event up to here, ms since the epoch. */
  readonly asOfMs: number;
  readonly madeAtMs: number;
  readonly closed: ClosedCapsIndex;
}

/** Builds an index. Several entries of one owner stay in the order in which they came. */
export function indexClosedCaps(all: Iterable<CapOwner & ClosedCap>): ClosedCapsIndex {
  const index = new Map<number, Map<number, ClosedCap[]>>();
  for (const { offerId, affiliateId, name, fromMs, toMs } of all) {
    const ofOffer = index.get(offerId) ?? new Map<number, ClosedCap[]>();
    index.set(offerId, ofOffer);
    const ofOwner = ofOffer.get(affiliateId) ?? [];
    ofOffer.set(affiliateId, ofOwner);
    ofOwner.push({ name, fromMs, toMs });
  }
  return index;
}

export function encodeClosedCaps({ region, asOfMs, madeAtMs, closed }: ClosedCaps): string {
  const entries = [...closed].flatMap(([offerId, ofOffer]) =>
    [...ofOffer].map(([affiliateId, caps]) => [`${offerId}/${affiliateId}`, caps.map(encodeCap)] as const),
  );
  return `${JSON.stringify({ v: 1, region, asOfMs, madeAtMs, closed: Object.fromEntries(entries) })}\n`;
}

function encodeCap({ name, fromMs, toMs }: ClosedCap) {
  return [name, fromMs, toMs === Number.POSITIVE_INFINITY ? null : toMs] as const;
}

export type ParsedClosedCaps =
  | { readonly kind: 'caps'; readonly caps: ClosedCaps }
  | { readonly kind: 'invalid'; readonly problem: string };

/**
 * Ignores keys that it does not know, and caps with the name of a later release. Any other fault refuses the whole
 * object: a part of it could leave a reached cap open. Never throws.
 */
export function parseClosedCaps(region: string, body: Uint8Array): ParsedClosedCaps {
  if (body.length > limits.caps.objectBytesMax) return invalid(`${body.length} bytes are too many`);
  const written = parseObject(Buffer.from(body).toString('utf8'));
  if (written === undefined) return invalid('not a JSON object');
  const { v, asOfMs, madeAtMs, closed } = written;
  if (v !== 1) return invalid('v must be 1, the only version that this release knows');
  if (written['region'] !== region) return invalid(`region must be ${region}`);
  if (!isTime(asOfMs) || !isTime(madeAtMs)) return invalid('asOfMs and madeAtMs must be times');
  const index = readClosed(closed);
  if (typeof index === 'string') return invalid(index);
  return { kind: 'caps', caps: { region, asOfMs, madeAtMs, closed: index } };
}

type OwnedCap = CapOwner & ClosedCap;

/** A text names the problem. */
function readClosed(closed: unknown): ClosedCapsIndex | string {
  if (typeof closed !== 'object' || closed === null || Array.isArray(closed)) return 'closed must be an object';
  const found: OwnedCap[] = [];
  for (const [key, list] of Object.entries(closed)) {
    const [, offerId, affiliateId] = /^(\d{1,10})\/(\d{1,10})$/.exec(key) ?? [];
    if (offerId === undefined || !Array.isArray(list)) return `closed: ${key} is no owner with a list of caps`;
    const owner = { offerId: Number(offerId), affiliateId: Number(affiliateId) };
    for (const entry of list) {
      const caps = readEntry(entry, owner);
      if (caps === undefined) return `closed: ${key} has an entry that is no name with two times`;
      found.push(...caps);
    }
  }
  return indexClosedCaps(found);
}

/** Undefined when the entry is damaged. */
function readEntry(entry: unknown, owner: CapOwner): readonly OwnedCap[] | undefined {
  const [name, fromMs, toMs] = Array.isArray(entry) ? entry : [];
  if (typeof name !== 'string' || !isTime(fromMs) || (toMs !== null && !isTime(toMs))) return undefined;
  return isCapName(name) ? [{ ...owner, name, fromMs, toMs: toMs ?? Number.POSITIVE_INFINITY }] : [];
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function invalid(problem: string): ParsedClosedCaps {
  return { kind: 'invalid', problem };
}
