import { gunzipSync, gzipSync } from 'node:zlib';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import { type CapName, type CapOwner, capKey, isCapName, type OfferCaps } from './cap.ts';
import { capsPrefix } from './closed-caps.ts';
import type { Drained, NetworkTraffic, Traffic } from './shares.ts';

/**
 * What each cap has used, as `stats` of one region counted it. `status`, alerts and the peer's `stats` read the object;
 * `track` reads the smaller one of closed caps (closed-caps.ts).
 */

/** The key of a region's object, in either log bucket. */
export function capCountsKey(region: string): string {
  return `${capsPrefix}${region}-counts.json.gz`;
}

export interface CapCounts {
  /** The region whose `stats` counted. */
  readonly region: string;
  /** The figures behind the counts have every event that the log had then, ms since the epoch. */
  readonly asOfMs: number;
  readonly madeAtMs: number;
  /** The newest moment of which the region knows what the peer did. Absent when it never heard the peer. */
  readonly heardPeerMs?: number;
  /** Whether each region spends only its share of what was left when it last heard the other. */
  readonly isPartitioned: boolean;
  /** The region that gets no traffic, because an operator has shifted it away. */
  readonly drained?: Drained;
  /** The peer is silent, and its traffic has come to this region. So the region uses all that is left. */
  readonly hasComeOver: boolean;
  /** The catalog's `cap_alert_percent`. */
  readonly alertPercent: number;
  /** The clicks of the network when the peer was last heard. They share out caps that have too few of their own. */
  readonly networkTraffic: NetworkTraffic;
  readonly caps: readonly CapCount[];
}

/** Counts are whole numbers, and money is in millionths of `currency`. */
export interface CapCount extends CapOwner {
  readonly name: CapName;
  readonly mode: OfferCaps['mode'];
  readonly currency: string;
  /** `2026-11-23`, `2026-11` or `lifetime`, in the network's time zone. */
  readonly period: string;
  readonly limit: bigint;
  /** At least `own` + `elsewhere`: the peer may know of more. */
  readonly used: bigint;
  /** What the region's own figures have: captured by the region itself, and by others. */
  readonly own: bigint;
  readonly elsewhere: bigint;
  /** Lately, in both regions: of what the cap counts, and of clicks. */
  readonly perMinute: number;
  readonly clicksPerMinute: number;
  /** How traffic was shared out when the peer was last heard. */
  readonly traffic: Traffic;
  /** What was used when the peer was last heard, in all and by the region itself. */
  readonly heardUsed: bigint;
  readonly heardOwn: bigint;
  readonly isClosed: boolean;
  /** When a count first showed that the cap is reached. */
  readonly reachedAtMs?: number;
  /** Of an open hard cap: until when it stays open without a newer count. Absent when nothing is being used. */
  readonly openUntilMs?: number;
}

/** `3/7/monthly_payout_cap` */
export function keyOfCount(count: Pick<CapCount, 'offerId' | 'affiliateId' | 'name'>): string {
  return capKey(count, count.name);
}

/** Tuples, because thousands of caps are written and read every minute. */
export function encodeCapCounts({ caps, networkTraffic, ...head }: CapCounts): Uint8Array {
  const shared = [networkTraffic.own, networkTraffic.all, networkTraffic.minutes];
  const text = JSON.stringify({ v: 1, ...head, networkTraffic: shared, fields, caps: caps.map(tupleOf) });
  return gzipSync(text, { level: 1 });
}

/** In the order of `tupleOf`. */
const fields = [
  ...['offerId', 'affiliateId', 'name', 'mode', 'currency', 'period', 'limit', 'used', 'own', 'elsewhere'],
  ...['heardUsed', 'heardOwn', 'perMinute', 'clicksPerMinute', 'ownTraffic', 'allTraffic'],
  ...['isClosed', 'reachedAtMs', 'openUntilMs'],
];

function tupleOf(count: CapCount): readonly unknown[] {
  return [
    count.offerId,
    count.affiliateId,
    count.name,
    count.mode,
    count.currency,
    count.period,
    `${count.limit}`,
    `${count.used}`,
    `${count.own}`,
    `${count.elsewhere}`,
    `${count.heardUsed}`,
    `${count.heardOwn}`,
    thousandths(count.perMinute),
    thousandths(count.clicksPerMinute),
    count.traffic.own,
    count.traffic.all,
    count.isClosed,
    count.reachedAtMs ?? null,
    count.openUntilMs ?? null,
  ];
}

/** Rates are estimates, and long fractions would double the object. */
function thousandths(rate: number): number {
  return Math.round(1_000 * rate) / 1_000;
}

/** Undefined when the bytes are no such object. Leaves out caps that only a later release knows. Never throws. */
export function parseCapCounts(region: string, gzip: Uint8Array): CapCounts | undefined {
  const written = parseObject(unpacked(gzip));
  const {
    v,
    region: of,
    asOfMs,
    madeAtMs,
    heardPeerMs,
    isPartitioned,
    drained,
    hasComeOver,
    alertPercent,
  } = written ?? {};
  const networkTraffic = asTraffic(written?.['networkTraffic']);
  const lists = written?.['caps'];
  const isWhole =
    v === 1 &&
    of === region &&
    [asOfMs, madeAtMs, alertPercent].every(Number.isFinite) &&
    typeof isPartitioned === 'boolean' &&
    typeof hasComeOver === 'boolean' &&
    networkTraffic !== undefined &&
    isNames(written?.['fields']) &&
    Array.isArray(lists);
  if (!isWhole) return undefined;
  const parsed = lists.map((list) => readCount(list));
  if (parsed.includes('damaged')) return undefined;
  return {
    ...{ region, asOfMs: Number(asOfMs), madeAtMs: Number(madeAtMs), alertPercent: Number(alertPercent) },
    ...(Number.isFinite(heardPeerMs) && { heardPeerMs: Number(heardPeerMs) }),
    isPartitioned,
    ...((drained === 'home' || drained === 'peer') && { drained }),
    hasComeOver,
    networkTraffic,
    caps: parsed.filter((one): one is CapCount => typeof one === 'object'),
  };
}

/** A later release may append fields. */
function isNames(names: unknown): boolean {
  return Array.isArray(names) && fields.every((field, index) => names[index] === field);
}

/** Reads by place: taking thousands of tuples apart by pattern takes ten times as long. */
function readCount(list: unknown): CapCount | 'damaged' | 'unknown' {
  if (!Array.isArray(list)) return 'damaged';
  const name: unknown = list[2];
  if (!isCapName(name)) return typeof name === 'string' ? 'unknown' : 'damaged';
  if (!isWholeTuple(list)) return 'damaged';
  const count = {
    offerId: list[0],
    affiliateId: list[1],
    name,
    mode: list[3],
    currency: list[4],
    period: list[5],
    limit: BigInt(list[6]),
    used: BigInt(list[7]),
    own: BigInt(list[8]),
    elsewhere: BigInt(list[9]),
    heardUsed: BigInt(list[10]),
    heardOwn: BigInt(list[11]),
    perMinute: list[12],
    clicksPerMinute: list[13],
    traffic: { own: list[14], all: list[15] },
    isClosed: list[16],
  };
  const [reachedAtMs, openUntilMs] = [list[17], list[18]];
  return {
    ...count,
    ...(typeof reachedAtMs === 'number' && { reachedAtMs }),
    ...(typeof openUntilMs === 'number' && { openUntilMs }),
  };
}

function isWholeTuple(list: readonly unknown[]): boolean {
  for (const place of [0, 1, 12, 13, 14, 15]) if (!Number.isFinite(list[place])) return false;
  for (const place of [4, 5]) if (typeof list[place] !== 'string') return false;
  for (let place = 6; place <= 11; place += 1) if (!isWholeNumber(list[place])) return false;
  return (list[3] === 'soft' || list[3] === 'hard') && typeof list[16] === 'boolean';
}

function asTraffic(value: unknown): NetworkTraffic | undefined {
  const [own, all, minutes] = Array.isArray(value) ? value : [];
  if (!Number.isSafeInteger(own) || !Number.isSafeInteger(all) || !Number.isFinite(minutes)) return undefined;
  return { own, all, minutes };
}

function isWholeNumber(text: unknown): boolean {
  return typeof text === 'string' && /^-?\d{1,30}$/.test(text);
}

function unpacked(gzip: Uint8Array): string {
  try {
    return gunzipSync(gzip, { maxOutputLength: limits.caps.countsBytesMax }).toString();
  } catch {
    return '';
  }
}
