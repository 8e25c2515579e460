import { limits } from '../limits/limits.ts';
import { minuteMs } from '../log/log-key.ts';
import {
  type Cap,
  type CapMeasure,
  type CapName,
  type CapOwner,
  type CapPeriod,
  capKey,
  type DayOf,
  periodOf,
} from './cap.ts';
import { type CapCount, type CapCounts, keyOfCount } from './cap-counts.ts';
import type { CappedOwner, OwnerNumbers } from './capped-owners.ts';
import type { CapSums } from './count-caps.ts';
import {
  type Drained,
  hasTrafficComeOver,
  isReached,
  leftOfShare,
  type NetworkTraffic,
  openUntilMs,
  type Spending,
  type Traffic,
  trafficInForce,
} from './shares.ts';

/** What a region knows when it judges which caps are closed. */
export interface CapKnowledge {
  readonly region: string;
  readonly numbers: OwnerNumbers;
  /** What was used in the running period of each kind. */
  readonly sums: Readonly<Record<CapPeriod, CapSums>>;
  /** What was used lately, and in how many minutes. */
  readonly recent: CapSums;
  readonly recentMinutes: number;
  readonly asOfMs: number;
  readonly nowMs: number;
  readonly dayOf: DayOf;
  readonly alertPercent: number;
  readonly heardPeerMs: number | undefined;
  readonly isPartitioned: boolean;
  readonly drained: Drained | undefined;
  /** The region's own last counts. */
  readonly before: CapCounts | undefined;
  /** The peer's counts, when they may know more of the peer than the region's figures do. */
  readonly peer: CapCounts | undefined;
}

/** Counts each cap and says which are closed. */
export function judgeCaps(known: CapKnowledge): CapCounts {
  const { region, asOfMs, nowMs, heardPeerMs, isPartitioned, drained, alertPercent, numbers } = known;
  const judging = new Judging(known);
  return {
    ...{ region, asOfMs, madeAtMs: nowMs },
    ...(heardPeerMs !== undefined && { heardPeerMs }),
    isPartitioned,
    ...(drained && { drained }),
    hasComeOver: judging.hasComeOver,
    alertPercent,
    networkTraffic: judging.networkTraffic,
    caps: numbers.owners.flatMap((owner, number) => owner.caps.map((cap) => judging.count(owner, number, cap))),
  };
}

const { peerHeardMs, openLeastMs, shareClicksMin } = limits.caps;

class Judging {
  readonly networkTraffic: NetworkTraffic;
  /** Lasts until the peer is heard again, because the traffic of a night is no news of the peer. */
  readonly hasComeOver: boolean;
  readonly #known: CapKnowledge;
  /** Whether the peer was heard just now, or never: then what was left when it was last heard is what is left now. */
  readonly #isHeard: boolean;
  readonly #before: CountFinder;
  readonly #peer: CountFinder;
  readonly #periods: Readonly<Record<CapPeriod, string>>;

  constructor(known: CapKnowledge) {
    const { nowMs, heardPeerMs, before, peer, recent, recentMinutes, dayOf, isPartitioned } = known;
    const now = (period: CapPeriod) => periodOf(period, nowMs, dayOf);
    this.#known = known;
    this.#isHeard = !isPartitioned && (heardPeerMs === undefined || nowMs - heardPeerMs <= peerHeardMs);
    this.#before = new CountFinder(before);
    this.#peer = new CountFinder(peer);
    this.#periods = { daily: now('daily'), monthly: now('monthly'), lifetime: now('lifetime') };
    const clicks = trafficOf(recent.clicksOfNetwork('home'), recent.clicksOfNetwork('elsewhere'));
    const traffic = { ...clicks, minutes: recentMinutes };
    this.networkTraffic = this.#isHeard ? traffic : (before?.networkTraffic ?? nobodyKnows);
    const isSilent = heardPeerMs !== undefined && nowMs - heardPeerMs > peerHeardMs;
    this.hasComeOver = isSilent && (before?.hasComeOver === true || hasTrafficComeOver(traffic, this.networkTraffic));
  }

  count(owner: CappedOwner, number: number, cap: Cap): CapCount {
    const { asOfMs, isPartitioned, drained } = this.#known;
    const period = this.#periods[cap.period];
    const before = this.#before.find(owner, cap.name);
    const { used, own } = this.#used(number, cap, owner);
    const { heardUsed, heardOwn } = this.#heard(used, own, before, period);
    const traffic = this.#traffic(number, before);
    const inForce = trafficInForce(traffic, { drained, hasComeOver: this.hasComeOver });
    const spending = { limit: cap.limit, used, own, heardUsed, heardOwn, traffic: inForce };
    const isClosed = isReached(spending, isPartitioned);
    const sameBefore = before?.period === period ? before : undefined;
    const openUntil =
      owner.mode === 'hard' && !isClosed ? this.#openUntil(spending, number, cap, sameBefore) : undefined;
    const count = {
      offerId: owner.offerId,
      affiliateId: owner.affiliateId,
      name: cap.name,
      mode: owner.mode,
      currency: owner.currency,
      period,
      limit: cap.limit,
      used,
      own,
      elsewhere: this.#elsewhere(number, cap),
      heardUsed,
      heardOwn,
      perMinute: this.#perMinute(number, cap.measure, 'all'),
      clicksPerMinute: this.#perMinute(number, 'click', 'all'),
      traffic,
      isClosed,
    };
    if (isClosed) return { ...count, reachedAtMs: (sameBefore?.isClosed && sameBefore.reachedAtMs) || asOfMs };
    return openUntil === undefined ? count : { ...count, openUntilMs: openUntil };
  }

  #elsewhere(number: number, { period, measure }: Cap): bigint {
    return this.#known.sums[period].of(number, measure, 'elsewhere');
  }

  /** What the peer itself captured: the larger of what the figures here have and of what the peer says. */
  #used(number: number, cap: Cap, owner: CapOwner): Pick<Spending, 'used' | 'own'> {
    const own = this.#known.sums[cap.period].of(number, cap.measure, 'home');
    const elsewhere = this.#elsewhere(number, cap);
    const claim = this.#peer.find(owner, cap.name);
    const claimed = claim?.period === this.#periods[cap.period] ? claim.own : 0n;
    return { own, used: own + (claimed > elsewhere ? claimed : elsewhere) };
  }

  #traffic(number: number, before: CapCount | undefined): Traffic {
    const { minutes: _, ...network } = this.networkTraffic;
    if (!this.#isHeard) return before?.traffic ?? network;
    const { recent } = this.#known;
    const own = trafficOf(recent.of(number, 'click', 'home'), recent.of(number, 'click', 'elsewhere'));
    return own.all < shareClicksMin ? network : own;
  }

  /** While the peer is silent, what it was heard of stays. A new period begins with nothing used. */
  #heard(
    used: bigint,
    own: bigint,
    before: CapCount | undefined,
    period: string,
  ): Pick<Spending, 'heardUsed' | 'heardOwn'> {
    if (this.#isHeard || before === undefined) return { heardUsed: used, heardOwn: own };
    if (before.period !== period) return { heardUsed: 0n, heardOwn: 0n };
    return { heardUsed: before.heardUsed, heardOwn: before.heardOwn };
  }

  #openUntil(spending: Spending, number: number, cap: Cap, before: CapCount | undefined): number | undefined {
    const { asOfMs } = this.#known;
    if (this.#isHeard) {
      const perMinute = this.#pace(this.#perMinute(number, cap.measure, 'all'), spending.used, before?.used);
      return openUntilMs({ left: spending.limit - spending.used, perMinute, asOfMs, leastMs: openLeastMs });
    }
    const perMinute = this.#pace(this.#perMinute(number, cap.measure, 'home'), spending.own, before?.own);
    return openUntilMs({ left: leftOfShare(spending), perMinute, asOfMs, leastMs: 0 });
  }

  /** The recent rate, or that since the last count if it is higher: the rush may have begun a minute ago. */
  #pace(recent: number, used: bigint, usedBefore: bigint | undefined): number {
    const { asOfMs, before } = this.#known;
    if (before === undefined || usedBefore === undefined) return recent;
    const minutes = Math.max(1, (asOfMs - before.asOfMs) / minuteMs);
    return Math.max(recent, Number(used - usedBefore) / minutes);
  }

  #perMinute(number: number, measure: CapMeasure, from: 'home' | 'all'): number {
    const { recent, recentMinutes } = this.#known;
    const home = recent.of(number, measure, 'home');
    const count = from === 'home' ? home : home + recent.of(number, measure, 'elsewhere');
    return Math.max(0, Number(count)) / recentMinutes;
  }
}

/** `shareOf` takes it for an even division. */
const nobodyKnows: NetworkTraffic = { own: 0, all: 0, minutes: 0 };

function trafficOf(home: bigint, elsewhere: bigint): Traffic {
  const own = Math.max(0, Number(home));
  return { own, all: own + Math.max(0, Number(elsewhere)) };
}

/** Finds counts of caps in another object. As a rule both list the same caps in the same order. */
class CountFinder {
  readonly #counts: readonly CapCount[];
  #next = 0;
  #byKey: ReadonlyMap<string, CapCount> | undefined;

  constructor(counts: CapCounts | undefined) {
    this.#counts = counts?.caps ?? [];
  }

  find({ offerId, affiliateId }: CapOwner, name: CapName): CapCount | undefined {
    const next = this.#counts[this.#next];
    if (next?.offerId === offerId && next.affiliateId === affiliateId && next.name === name) {
      this.#next += 1;
      return next;
    }
    this.#byKey ??= new Map(this.#counts.map((count) => [keyOfCount(count), count]));
    return this.#byKey.get(capKey({ offerId, affiliateId }, name));
  }
}
