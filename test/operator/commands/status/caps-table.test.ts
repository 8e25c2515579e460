import { describe, expect, test } from 'vitest';
import type { CapCount, CapCounts } from '../../../../core/caps/cap-counts.ts';
import { capLines, capsJson, capsSummary } from '../../../../operator/commands/status/caps-table.ts';
import { problemsIn } from '../../../../operator/commands/status/status-problems.ts';
import { atMs, east, someFacts, someRegion, west } from './some-facts.ts';

const minuteMs = 60_000;

function someCount(changes: Partial<CapCount> = {}): CapCount {
  return {
    ...{ offerId: 15, affiliateId: 2, name: 'click_cap', mode: 'hard', currency: 'USD', period: '2026-11-23' },
    ...{ limit: 100n, used: 50n, own: 50n, elsewhere: 0n, perMinute: 6, clicksPerMinute: 60 },
    ...{ traffic: { own: 3, all: 4 }, heardUsed: 50n, heardOwn: 50n, isClosed: false },
    ...changes,
  };
}

function someCounts(caps: readonly CapCount[], changes: Partial<CapCounts> = {}): CapCounts {
  const times = { asOfMs: atMs - minuteMs, madeAtMs: atMs - minuteMs, heardPeerMs: atMs - minuteMs };
  const networkTraffic = { own: 1, all: 2, minutes: 20 };
  return {
    region: east,
    ...times,
    isPartitioned: false,
    hasComeOver: false,
    alertPercent: 90,
    networkTraffic,
    caps,
    ...changes,
  };
}

function factsWith(counts: CapCounts) {
  return someFacts({ regions: [someRegion(east, { caps: { kind: 'known', value: counts } }), someRegion(west)] });
}

const closed = someCount({ affiliateId: 0, used: 101n, isClosed: true, reachedAtMs: atMs - 5 * minuteMs });
const money = { limit: 12_500_000n, used: 12_000_000n, name: 'monthly_payout_cap', mode: 'soft' } as const;

describe('the caps of status', () => {
  test('have their count, their state, and the clicks that may be sent on after they are reached', () => {
    const lines = capLines(factsWith(someCounts([someCount(), closed, someCount(money)])), false);
    expect(lines.slice(1).map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['CAPS, as us-east-1 counted them 1 min ago'],
      ['cap (offer/affiliate)', 'used', 'limit', 'state', 'clicks sent on late: at most', 'at the recent rate'],
      ['15/0/click_cap', '101', '100', '101 %', 'hard, closed since 2026-11-23 05:05:00 UTC', '900000', '90'],
      ['15/2/monthly_payout_cap', '12.00', '12.50 USD', '96 %', 'soft, near', '900000', '90'],
      ['15/2/click_cap', '50', '100', '50 %', 'hard, open', '900000', '90'],
    ]);
  });

  test('are shown as the region with the freshest counts knows them', () => {
    const old = { kind: 'known', value: someCounts([closed], { region: west, asOfMs: atMs - 2 * minuteMs }) } as const;
    const fresh = { kind: 'known', value: someCounts([someCount()]) } as const;
    const facts = someFacts({ regions: [someRegion(east, { caps: fresh }), someRegion(west, { caps: old })] });
    expect(capLines(facts, false)).toContainEqual(expect.stringContaining('hard, open'));
    expect(capLines(facts, false)).not.toContainEqual(expect.stringContaining('closed'));
  });

  test('that are many are the closed ones and the fullest, or all on request', () => {
    const open = Array.from({ length: 30 }, (_, index) => someCount({ affiliateId: index + 1, used: BigInt(index) }));
    const lines = capLines(factsWith(someCounts([...open, closed])), false);
    expect(lines).toHaveLength(2 + 1 + 1 + 20 + 1);
    expect(lines.at(-1)).toBe('  and 10 caps less full; --caps shows them');
    expect(capLines(factsWith(someCounts([...open, closed])), true)).toHaveLength(2 + 1 + 31);
  });

  test('are not mentioned when there are none', () => {
    expect(capLines(someFacts(), false)).toEqual([]);
  });

  test('are summed up for each region', () => {
    const counts = someCounts([someCount(), closed, someCount(money)], { isPartitioned: true });
    expect(capsSummary(counts, atMs)).toBe('1 closed, 1 near, of 3; counted 1 min ago; keeps to its share');
    expect(capsSummary({ ...counts, hasComeOver: true }, atMs)).toMatch(/; has taken over the traffic$/);
  });

  test('can be read by programs', () => {
    const counts = someCounts([someCount(money)]);
    expect(JSON.parse(JSON.stringify(capsJson(counts, factsWith(counts))))).toMatchObject({
      region: east,
      caps: [
        {
          cap: '15/2/monthly_payout_cap',
          ...{ used: '12.00', limit: '12.50', currency: 'USD', isNear: true, share: 0.75 },
          clicksSentOnLate: { worst: 900_000, expected: 90 },
        },
      ],
    });
  });
});

describe('a problem', () => {
  test('is that the counts are old', () => {
    const counts = someCounts([someCount()], { asOfMs: atMs - 11 * minuteMs });
    expect(problemsIn(factsWith(counts))).toEqual([
      'us-east-1: its counts of caps are 11 min old, so caps close late, or hard ones early',
    ]);
  });

  test('is that a region keeps to its share, unless an operator has said that its peer is away', () => {
    const silent = { isPartitioned: true, heardPeerMs: atMs - 9 * minuteMs };
    expect(problemsIn(factsWith(someCounts([someCount()], silent)))).toEqual([
      'us-east-1: has not heard us-west-2 for 9 min, and keeps to its share of what caps have left; if us-west-2 is dead: keeptrack shift us-west-2 --away',
    ]);
    expect(problemsIn(factsWith(someCounts([someCount()], { ...silent, drained: 'peer' })))).toEqual([]);
  });

  test('is that they cannot be read', () => {
    const caps = { kind: 'unknown', reason: 'no answer in time' } as const;
    expect(problemsIn(someFacts({ regions: [someRegion(east, { caps }), someRegion(west)] }))).toEqual([
      'us-east-1: its counts of caps cannot be read: no answer in time',
    ]);
  });
});
