import { limits } from '../limits/limits.ts';
import { minuteMs } from '../log/log-key.ts';

/**
 * How two regions that do not hear each other share out what a cap has left. Both know how their traffic was divided
 * when they last heard each other, so both come to the same division. docs/decisions/0022
 */

/** Clicks of a time: of the region itself, and of all regions. */
export interface Traffic {
  readonly own: number;
  readonly all: number;
}

/** Where nobody knows how the traffic is divided. */
const evenTraffic: Traffic = { own: 1, all: 2 };

/** The region that gets no traffic, because an operator has shifted it away: the region itself, or its peer. */
export type Drained = 'home' | 'peer';

/** Who gets the traffic, as far as a region knows more than how it was divided. */
export interface TrafficNews {
  readonly drained?: Drained | undefined;
  /** The peer is silent, and its traffic has come to this region. */
  readonly hasComeOver: boolean;
}

/** The division that holds. A region without traffic leaves everything to the other one. */
export function trafficInForce(traffic: Traffic, { drained, hasComeOver }: TrafficNews): Traffic {
  if (drained !== undefined) return { own: drained === 'peer' ? 1 : 0, all: 1 };
  return hasComeOver ? { own: 1, all: 1 } : traffic;
}

/** Clicks of the whole network, and in how many minutes they came. */
export interface NetworkTraffic extends Traffic {
  readonly minutes: number;
}

/**
 * Whether the traffic of a silent peer has come to this region, as when the primary dies and DNS leads everybody to the
 * other one: its clicks have become at least three times as many as before, and half of all that both regions had. More clicks in a
 * region that had more than a third are no sign of it.
 */
export function hasTrafficComeOver(now: NetworkTraffic, heard: NetworkTraffic): boolean {
  if (heard.all === 0 || heard.minutes <= 0 || now.minutes <= 0 || now.own < limits.caps.shareClicksMin) return false;
  const [own, ownBefore] = [now.own / now.minutes, heard.own / heard.minutes];
  const allBefore = heard.all / heard.minutes;
  return 3 * ownBefore <= allBefore && own >= 3 * ownBefore && 2 * own >= allBefore;
}

/** From 0 to 1. */
export function shareOf({ own, all }: Traffic): number {
  return all > 0 ? own / all : shareOf(evenTraffic);
}

/**
 * How much a region may use of what is left, rounded down: so the two regions together never get more than all of it.
 * Nothing when nothing is left.
 */
export function shareOfLeft(left: bigint, traffic: Traffic): bigint {
  if (left <= 0n) return 0n;
  const { own, all } = traffic.all > 0 ? traffic : evenTraffic;
  return (left * BigInt(own)) / BigInt(all);
}

export interface Hearing {
  readonly nowMs: number;
  /** The newest moment of which the region knows what the peer did. Undefined = never. */
  readonly heardPeerMs: number | undefined;
  /** What a fresh object of the peer says about itself. */
  readonly peerSaysPartitioned: boolean;
}

/**
 * Whether each region has to keep to its share. The peer may be the one that hears nothing: then it keeps to its own
 * share, and this region must leave that share alone. A peer that was never heard has used nothing.
 */
export function isPartitioned({ nowMs, heardPeerMs, peerSaysPartitioned }: Hearing, silentMs: number): boolean {
  if (peerSaysPartitioned) return true;
  return heardPeerMs !== undefined && nowMs - heardPeerMs > silentMs;
}

/** What a region knows about one cap. */
export interface Spending {
  readonly limit: bigint;
  /** In all, and by the region itself. */
  readonly used: bigint;
  readonly own: bigint;
  /** The same when the peer was last heard. */
  readonly heardUsed: bigint;
  readonly heardOwn: bigint;
  readonly traffic: Traffic;
}

/** What the region may still use when it keeps to its share. Negative when it has used more. */
export function leftOfShare({ limit, own, heardUsed, heardOwn, traffic }: Spending): bigint {
  return shareOfLeft(limit - heardUsed, traffic) - (own - heardOwn);
}

/** Whether the cap is reached. In a partition also when the region has used its share. */
export function isReached(spending: Spending, partitioned: boolean): boolean {
  if (spending.used >= spending.limit) return true;
  return partitioned && leftOfShare(spending) <= 0n;
}

export interface Pace {
  /** What may still be used. */
  readonly left: bigint;
  /** What is used in a minute, lately. */
  readonly perMinute: number;
  readonly asOfMs: number;
  /** Until then a cap stays open whatever the pace. The next object comes before that. */
  readonly leastMs: number;
}

/** How long an open cap may stay open without a newer count. Undefined when nothing is being used. */
export function openUntilMs({ left, perMinute, asOfMs, leastMs }: Pace): number | undefined {
  if (perMinute <= 0) return undefined;
  const lastsMs = (cautiousPart * Math.max(0, Number(left)) * minuteMs) / perMinute;
  return Math.floor(asOfMs + Math.max(leastMs, lastsMs));
}

/** The pace may rise by a quarter while no newer count comes. */
const cautiousPart = 0.8;
