import { describe, expect, test } from 'vitest';
import { type Cap, type CapName, capOf } from '../../../core/caps/cap.ts';
import { type CapCount, encodeCapCounts, parseCapCounts } from '../../../core/caps/cap-counts.ts';
import { OwnerNumbers } from '../../../core/caps/capped-owners.ts';
import { closedCapsOf } from '../../../core/caps/close-caps.ts';
import { type CapSums, countCaps } from '../../../core/caps/count-caps.ts';
import { type CapKnowledge, judgeCaps } from '../../../core/caps/judge-caps.ts';
import type { FiguresRow } from '../../../core/figures/row.ts';

const [home, peer] = ['us-east-1', 'us-west-2'];
const dayOf = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 10);
const noon = Date.UTC(2026, 10, 23, 12);
const minute = 60_000;

interface Scene extends Partial<Omit<CapKnowledge, 'sums' | 'recent' | 'numbers'>> {
  readonly mode?: 'soft' | 'hard';
  readonly name?: CapName;
  readonly limit?: number;
  /** Clicks in the period, by where they were captured. */
  readonly here?: number;
  readonly there?: number;
  /** Clicks of the last 20 minutes. */
  readonly recentHere?: number;
  readonly recentThere?: number;
}

function judge(scene: Scene): { readonly count: CapCount; readonly all: ReturnType<typeof judgeCaps> } {
  const { mode = 'hard', name = 'click_cap', limit = 100, here = 0, there = 0, ...more } = scene;
  const { recentHere = 0, recentThere = 0, ...known } = more;
  const cap = capOf(name, `${limit}`) as Cap;
  const owner = { offerId: 3, affiliateId: 7, mode, countsGoals: false, currency: 'USD', caps: [cap] };
  const numbers = new OwnerNumbers([owner]);
  const sums = (own: number, other: number): CapSums =>
    countCaps([clicks(home, own), clicks(peer, other)], numbers, home);
  const used = sums(here, there);
  const all = judgeCaps({
    region: home,
    numbers,
    sums: { daily: used, monthly: used, lifetime: used },
    recent: sums(recentHere, recentThere),
    recentMinutes: 20,
    asOfMs: noon,
    nowMs: noon + minute,
    dayOf,
    alertPercent: 90,
    heardPeerMs: noon,
    isPartitioned: false,
    drained: undefined,
    before: undefined,
    peer: undefined,
    ...known,
  });
  const [count] = all.caps;
  if (count === undefined) throw new Error('there is no count');
  return { count, all };
}

function clicks(region: string, count: number): FiguresRow {
  const key = { hour: '2026-11-23T12', quarter: 0, offerId: 3, affiliateId: 7, goalId: 0, region, currency: 'USD' };
  return { key, counters: { clicks: BigInt(count) } };
}

function entries(scene: Scene) {
  return [...(closedCapsOf(judge(scene).all, dayOf).closed.get(3)?.get(7) ?? [])];
}

describe('in good weather', () => {
  test('a cap is closed when both regions together have reached it', () => {
    expect(judge({ here: 60, there: 39 }).count).toMatchObject({ used: 99n, own: 60n, isClosed: false });
    expect(judge({ here: 60, there: 40 }).count).toMatchObject({ used: 100n, isClosed: true, reachedAtMs: noon });
  });

  test('the time when it was reached stays, until the next period', () => {
    const before = judge({ here: 100, asOfMs: noon - 10 * minute, nowMs: noon - 9 * minute }).all;
    expect(judge({ here: 100, before }).count.reachedAtMs).toBe(noon - 10 * minute);
    const nextNoon = noon + 24 * 60 * minute;
    const next = { asOfMs: nextNoon, nowMs: nextNoon, heardPeerMs: nextNoon };
    expect(judge({ here: 100, before, ...next }).count.reachedAtMs).toBe(nextNoon);
  });

  test('what the peer says that it captured counts when the region has less of it', () => {
    const { all } = judge({ region: peer, here: 30 });
    expect(judge({ here: 70, there: 10, peer: all }).count).toMatchObject({
      used: 100n,
      elsewhere: 10n,
      isClosed: true,
    });
    expect(judge({ here: 70, there: 29, peer: judge({ region: peer, here: 5 }).all }).count.used).toBe(99n);
  });

  test('a raised limit opens a cap again, and a lowered one closes it', () => {
    const before = judge({ here: 100 }).all;
    expect(judge({ here: 100, limit: 120, before }).count.isClosed).toBe(false);
    expect(judge({ here: 100, limit: 90 }).count.isClosed).toBe(true);
  });

  test('a hard cap is known to stay open as long as the rest lasts at the pace of both regions', () => {
    const { count } = judge({ here: 40, there: 20, recentHere: 15, recentThere: 5 });
    expect(count).toMatchObject({ perMinute: 1, clicksPerMinute: 1, openUntilMs: noon + 0.8 * 40 * minute });
    expect(judge({ mode: 'soft', here: 40, recentHere: 20 }).count.openUntilMs).toBeUndefined();
  });

  test('the pace is that since the last count, when a rush has begun since', () => {
    const before = judge({ here: 40, asOfMs: noon - 2 * minute }).all;
    expect(judge({ here: 60, recentHere: 20, before }).count).toMatchObject({ openUntilMs: noon + 3.2 * minute });
    const justBefore = judge({ here: 59, asOfMs: noon - 1_000 }).all;
    expect(judge({ here: 60, recentHere: 20, before: justBefore }).count.openUntilMs).toBe(noon + 0.8 * 40 * minute);
  });
});

describe('while the peer is silent', () => {
  /** 60 of 100 used, traffic three to one. */
  const before = judge({ here: 45, there: 15, recentHere: 30, recentThere: 10 }).all;
  const later = { asOfMs: noon + 30 * minute, nowMs: noon + 31 * minute };
  const partitioned = { ...later, isPartitioned: true, heardPeerMs: noon, before };

  test.each(['soft', 'hard'] as const)('a %s cap closes when the region has used its share of the rest', (mode) => {
    const scene = {
      ...partitioned,
      mode,
      there: 15,
      before: judge({ mode, here: 45, there: 15, recentHere: 30, recentThere: 10 }).all,
    };
    expect(judge({ ...scene, here: 45 + 29 }).count.isClosed).toBe(false);
    expect(judge({ ...scene, here: 45 + 30 }).count.isClosed).toBe(true);
  });

  test('its own traffic changes nothing about the share', () => {
    expect(judge({ ...partitioned, here: 60, there: 15, recentHere: 999 }).count.traffic).toEqual({ own: 30, all: 40 });
  });

  test('the shares of several runs stay the same', () => {
    const second = judge({ ...partitioned, here: 60, there: 15 }).all;
    expect(judge({ ...partitioned, here: 75, there: 15, before: second }).count).toMatchObject({
      heardUsed: 60n,
      heardOwn: 45n,
      isClosed: true,
    });
  });

  test('a new period begins with the same shares and nothing used', () => {
    const nextDay = { asOfMs: noon + 13 * 60 * minute, nowMs: noon + 13 * 60 * minute };
    expect(judge({ ...partitioned, ...nextDay, here: 74 }).count).toMatchObject({ heardUsed: 0n, isClosed: false });
    expect(judge({ ...partitioned, ...nextDay, here: 75 }).count.isClosed).toBe(true);
  });

  test('a region whose peer was shifted away uses all that is left', () => {
    expect(judge({ ...partitioned, here: 84, there: 15, drained: 'peer' }).count.isClosed).toBe(false);
    expect(judge({ ...partitioned, here: 85, there: 15, drained: 'peer' }).count.isClosed).toBe(true);
  });

  describe('of which the region had little before', () => {
    /** 60 of 100 used; the peer had 39 of 40 clicks. */
    const standby = judge({ here: 1, there: 59, recentHere: 1, recentThere: 39 }).all;
    const alone = { ...partitioned, before: standby, there: 59 };

    test('the region keeps to its small share until the traffic has come over', () => {
      expect(judge({ ...alone, here: 2, recentHere: 19 }).count.isClosed).toBe(true);
      const after = judge({ ...alone, here: 40, recentHere: 20 });
      expect([after.all.hasComeOver, after.count.isClosed]).toEqual([true, false]);
      expect(judge({ ...alone, here: 41, recentHere: 20 }).count.isClosed).toBe(true);
    });

    test('the region uses all that is left until it hears the peer again, even in a quiet night', () => {
      const after = judge({ ...alone, here: 22, recentHere: 21 }).all;
      expect(judge({ ...alone, here: 30, recentHere: 1, before: after }).all.hasComeOver).toBe(true);
      const healed = { ...later, before: after, heardPeerMs: later.asOfMs };
      expect(judge({ ...healed, here: 30, there: 59, recentHere: 30 }).all.hasComeOver).toBe(false);
    });

    test('a peer that is heard, and hears nothing itself, keeps its share', () => {
      const deaf = { ...alone, heardPeerMs: later.asOfMs, recentHere: 99 };
      expect(judge({ ...deaf, here: 20 }).all).toMatchObject({ isPartitioned: true, hasComeOver: false });
    });
  });

  test('a cap that is new is shared out as the traffic of the network was', () => {
    const scene = { ...partitioned, name: 'lifetime_click_cap' as const, here: 50, there: 15 };
    expect(judge(scene).count).toMatchObject({ traffic: { own: 30, all: 40 }, heardUsed: 65n });
  });
});

describe('the object of closed caps', () => {
  const midnight = Date.UTC(2026, 10, 24);

  test('closes a reached cap until its period ends', () => {
    expect(entries({ here: 100, mode: 'soft' })).toEqual([{ name: 'click_cap', fromMs: 0, toMs: midnight }]);
    expect(entries({ here: 100, name: 'lifetime_click_cap' })[0]?.toMs).toBe(Number.POSITIVE_INFINITY);
    expect(entries({ here: 100, name: 'monthly_click_cap' })[0]?.toMs).toBe(Date.UTC(2026, 11, 1));
  });

  test('closes an open hard cap when the rest is used up, and no soft one', () => {
    const scene = { here: 40, recentHere: 20 };
    expect(entries(scene)).toEqual([{ name: 'click_cap', fromMs: noon + 48 * minute, toMs: midnight }]);
    expect(entries({ ...scene, mode: 'soft' })).toEqual([]);
  });

  test('leaves out an open cap that lasts longer than a day or its period', () => {
    expect(entries({ limit: 10_000, recentHere: 20, name: 'monthly_click_cap' })).toEqual([]);
    expect(entries({ limit: 1_000, recentHere: 20 })).toEqual([]);
  });

  test('shortly before a period ends, a hard cap is bounded in the next one too', () => {
    const asOfMs = midnight - 60 * minute;
    const late = { asOfMs, nowMs: asOfMs, heardPeerMs: asOfMs };
    const average = 100 / (23 * 60);
    expect(entries({ ...late, here: 100 })).toEqual([
      { name: 'click_cap', fromMs: 0, toMs: midnight },
      {
        name: 'click_cap',
        fromMs: Math.floor(midnight + (0.8 * 100 * minute) / average),
        toMs: midnight + 24 * 60 * minute,
      },
    ]);
  });
});

describe('the object of counts', () => {
  const { all } = judge({ here: 40, there: 2, recentHere: 20, isPartitioned: true, drained: 'peer' });

  test('is read as it was written', () => {
    expect(parseCapCounts(home, encodeCapCounts(all))).toEqual(all);
  });

  test.each([
    ['another region', () => parseCapCounts(peer, encodeCapCounts(all))],
    ['no gzip', () => parseCapCounts(home, Buffer.from('{}'))],
    [
      'a damaged count',
      () =>
        parseCapCounts(home, encodeCapCounts({ ...all, caps: [{ ...all.caps[0], used: 'x' } as unknown as CapCount] })),
    ],
  ])('is refused: %s', (_, read) => {
    expect(read()).toBeUndefined();
  });

  test('leaves out a cap that only a later release knows', () => {
    const later = { ...all.caps[0], name: 'weekly_click_cap' } as unknown as CapCount;
    expect(parseCapCounts(home, encodeCapCounts({ ...all, caps: [later, ...all.caps] }))).toEqual(all);
  });
});
