import { describe, expect, test } from 'vitest';
import type { Account } from '../../../core/accounting.ts';
import { type Known, notContained, notContainedLines } from '../../../operator/report/not-contained.ts';
import type { QueueFacts } from '../../../operator/status/facts.ts';
import { depth, east, someQueue, west } from '../status/some-facts.ts';

const nowMs = Date.UTC(2026, 10, 23, 5, 30);
const silent = { depth: { kind: 'unknown', reason: 'no answer in time' } } as const;

function account(changes: Partial<Account> = {}): Account {
  const nothing = { inFlight: 0, owed: 0, unconfirmed: 0, stranded: 0, unexplained: 0 };
  return { captured: 100, inBothLogs: 100, ...nothing, ...changes };
}

function queues(changes: Partial<Record<QueueFacts['role'], number>>, owedRegion: string = east): QueueFacts[] {
  return (['intake', 'failure', 'stats', 'stats-failure', 'dead-letters'] as const).map((role) =>
    someQueue(role, { depth: depth(changes[role] ?? 0), ...(role === 'failure' && { owedRegion }) }),
  );
}

function linesOf(changes: Partial<Known>): readonly string[] {
  return notContainedLines(
    notContained({
      region: east,
      queues: [
        { region: east, queues: queues({}) },
        { region: west, queues: queues({}) },
      ],
      logAccount: { hours: ['2026-11-23T05'], segments: 4, account: account() },
      provisionalHours: ['2026-11-23T05'],
      nowMs,
      ...changes,
    }),
  );
}

describe('what figures do not contain', () => {
  test('is nothing when nothing waits', () => {
    expect(linesOf({})).toEqual([]);
  });

  test('what waits in either region, in events, as an estimate by the mean size of a segment', () => {
    const waiting = [
      { region: east, queues: queues({ intake: 7, failure: 1, stats: 2, 'stats-failure': 1, 'dead-letters': 9 }) },
      { region: west, queues: queues({ intake: 3, failure: 1, stats: 50 }) },
    ];
    expect(linesOf({ queues: waiting })).toEqual([
      'about 135 events wait in queues and are not in these figures (an estimate): 10 in intake queues, those of 2 segments in failure queues, those of 3 segments that no one has counted yet',
    ]);
    // Final hours are read from the log itself.
    expect(linesOf({ queues: waiting, provisionalHours: [] })[0]).toMatch(/^about 60 events wait/);
  });

  test('what the other region’s bucket is owed is no matter of this one', () => {
    const waiting = [{ region: east, queues: queues({ failure: 5 }, west) }];
    expect(linesOf({ queues: waiting })).toEqual([]);
  });

  test('what a region that cannot be reached may hold', () => {
    const dead = [
      { region: east, queues: queues({}) },
      { region: west, queues: queues({}).map((queue) => ({ ...queue, ...silent })) },
    ];
    const logAccount = { hours: ['2026-11-23T05'], segments: 4, account: account({ stranded: 12 }) };
    expect(linesOf({ queues: dead, logAccount })).toEqual([
      'at least 12 events may be stranded in us-west-2, which cannot be reached (no answer in time), and are not in these figures',
    ]);
    expect(linesOf({ queues: dead })).toEqual([
      'us-west-2 cannot be reached (no answer in time): what it captured and could not hand on is not in these figures',
    ]);
  });

  test('numbers that nothing explains, less what may stand in a queue', () => {
    const logAccount = {
      hours: ['2026-11-23T05', '2026-11-23T04'],
      segments: 4,
      account: account({ unexplained: 12 }),
    };
    const waiting = [{ region: east, queues: queues({ intake: 11 }) }];
    expect(linesOf({ logAccount, queues: waiting })[1]).toBe(
      '1 event of 2026-11-23T05, 2026-11-23T04 was captured and cannot be found (by their numbers)',
    );
  });

  test('events that no rung took', () => {
    const logAccount = { hours: ['2026-11-23T05'], segments: 4, account: account({ unconfirmed: 2 }) };
    expect(linesOf({ logAccount })).toEqual([
      '2 events of 2026-11-23T05 may be unconfirmed: keeptrack recover-logs brings them back',
    ]);
  });

  test('hours that should be final, and only these', () => {
    const provisionalHours = ['2026-11-22T23', '2026-11-23T04', '2026-11-23T05'];
    expect(linesOf({ provisionalHours })).toEqual([
      '2 hours should be final and are not: 2026-11-22T23, 2026-11-23T04',
    ]);
    expect(linesOf({ provisionalHours, nowMs: Date.UTC(2026, 10, 23, 5, 20) })).toEqual([
      '1 hour should be final and is not: 2026-11-22T23',
    ]);
  });
});
