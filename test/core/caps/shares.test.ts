import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hasTrafficComeOver,
  isPartitioned,
  isReached,
  leftOfShare,
  openUntilMs,
  type Spending,
  shareOfLeft,
  type TrafficNews,
  trafficInForce,
} from '../../../core/caps/shares.ts';

const count = (max: number) => fc.integer({ min: 0, max });
const situation = fc.record({ limit: count(2_000), used: count(2_000), own: count(1_000), other: count(1_000) });

/** What both regions knew when they last heard each other. */
function bothSides({ limit, used, own, other }: { limit: number; used: number; own: number; other: number }) {
  const all = own + other;
  const of = (clicks: number): Spending => {
    const usedThen = { used: BigInt(used), own: 0n, heardUsed: BigInt(used), heardOwn: 0n };
    return { limit: BigInt(limit), ...usedThen, traffic: { own: clicks, all } };
  };
  return [of(own), of(other)] as const;
}

/** Each region knows only what it uses itself. */
function usedMore(spending: Spending, more: bigint): Spending {
  return { ...spending, used: spending.used + more, own: spending.own + more };
}

function spentUntilReached(spending: Spending, step: bigint): bigint {
  let spent = 0n;
  while (!isReached(usedMore(spending, spent), true)) spent += step;
  return spent;
}

describe('two regions that do not hear each other', () => {
  test('never use more together than what was left when they last heard each other', () => {
    fc.assert(
      fc.property(situation, (given) => {
        fc.pre(given.own + given.other > 0);
        const [one, other] = bothSides(given);
        const left = Math.max(0, given.limit - given.used);
        expect(Number(spentUntilReached(one, 1n) + spentUntilReached(other, 1n))).toBeLessThanOrEqual(left);
      }),
    );
  });

  test('pass it at most by what each uses between two counts', () => {
    fc.assert(
      fc.property(situation, fc.integer({ min: 1, max: 50 }), (given, step) => {
        fc.pre(given.own + given.other > 0);
        const spent = bothSides(given).map((side) => Number(spentUntilReached(side, BigInt(step))));
        const left = Math.max(0, given.limit - given.used);
        expect(spent.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(left + 2 * (step - 1));
      }),
    );
  });

  test('leave nobody without a share who had traffic and of whose share a whole one is left', () => {
    expect(shareOfLeft(10n, { own: 1, all: 10 })).toBe(1n);
    expect(shareOfLeft(9n, { own: 1, all: 10 })).toBe(0n);
  });

  test('divide evenly when no traffic is known', () => {
    expect(shareOfLeft(9n, { own: 0, all: 0 })).toBe(4n);
  });

  test('get room back when conversions of their own are rejected', () => {
    const spending = { limit: 10n, used: 9n, own: 3n, heardUsed: 8n, heardOwn: 2n, traffic: { own: 1, all: 2 } };
    expect(isReached(spending, true)).toBe(true);
    expect(isReached({ ...spending, used: 8n, own: 2n }, true)).toBe(false);
  });

  test('leave everything to the one that an operator did not shift away', () => {
    const usual = { own: 1, all: 100 };
    const leftOnceKnown = (news: TrafficNews) => shareOfLeft(50n, trafficInForce(usual, news));
    expect(leftOnceKnown({ drained: 'peer', hasComeOver: false })).toBe(50n);
    expect(leftOnceKnown({ drained: 'home', hasComeOver: true })).toBe(0n);
    expect(leftOnceKnown({ hasComeOver: true })).toBe(50n);
    expect(trafficInForce(usual, { hasComeOver: false })).toBe(usual);
  });
});

describe('the traffic of a silent peer has come over', () => {
  /** A standby with one click of 200 a minute, as long as it heard the primary. */
  const heard = { own: 15, all: 3_000, minutes: 15 };

  test('when a region has three times its own clicks and half of all', () => {
    expect(hasTrafficComeOver({ own: 3_000, all: 3_000, minutes: 30 }, heard)).toBe(true);
    expect(hasTrafficComeOver({ own: 2_999, all: 3_000, minutes: 30 }, heard)).toBe(false);
  });

  test('and not when a region that had more than a third has a rush', () => {
    const third = { own: 1_000, all: 3_000, minutes: 15 };
    expect(hasTrafficComeOver({ own: 2_999, all: 2_999, minutes: 15 }, third)).toBe(false);
    expect(hasTrafficComeOver({ own: 3_000, all: 3_000, minutes: 15 }, third)).toBe(true);
    expect(hasTrafficComeOver({ own: 9_000, all: 9_000, minutes: 15 }, { ...third, own: 1_001 })).toBe(false);
  });

  test('and not when a few clicks say nothing, or nobody knows how it was', () => {
    expect(hasTrafficComeOver({ own: 19, all: 19, minutes: 15 }, { own: 0, all: 10, minutes: 15 })).toBe(false);
    expect(hasTrafficComeOver({ own: 900, all: 900, minutes: 15 }, { own: 0, all: 0, minutes: 0 })).toBe(false);
  });
});

describe('a region that hears its peer', () => {
  test('closes a cap only when it is reached', () => {
    const spending = { limit: 10n, used: 9n, own: 9n, heardUsed: 0n, heardOwn: 0n, traffic: { own: 1, all: 2 } };
    expect(leftOfShare(spending)).toBe(-4n);
    expect(isReached(spending, false)).toBe(false);
    expect(isReached({ ...spending, used: 10n }, false)).toBe(true);
  });
});

describe('a partition', () => {
  const hears = { nowMs: 1_000_000, heardPeerMs: 900_000, peerSaysPartitioned: false };

  test('begins when the peer was silent for long', () => {
    expect(isPartitioned(hears, 100_000)).toBe(false);
    expect(isPartitioned({ ...hears, heardPeerMs: 899_999 }, 100_000)).toBe(true);
  });

  test('holds for both when one of them does not hear the other', () => {
    expect(isPartitioned({ ...hears, peerSaysPartitioned: true }, 100_000)).toBe(true);
  });

  test('does not begin before the peer was ever heard', () => {
    expect(isPartitioned({ ...hears, heardPeerMs: undefined }, 100_000)).toBe(false);
  });
});

describe('how long a hard cap stays open without a newer count', () => {
  const pace = { left: 100n, perMinute: 10, asOfMs: 1_000_000, leastMs: 120_000 };

  test('follows from what is left, with room for a faster pace', () => {
    expect(openUntilMs(pace)).toBe(1_000_000 + 8 * 60_000);
  });

  test('is at least until the next count', () => {
    expect(openUntilMs({ ...pace, left: 1n })).toBe(1_120_000);
    expect(openUntilMs({ ...pace, left: -5n, leastMs: 0 })).toBe(1_000_000);
  });

  test('has no end when nothing is being used', () => {
    expect(openUntilMs({ ...pace, perMinute: 0 })).toBeUndefined();
  });
});
