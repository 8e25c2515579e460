import { describe, expect, test } from 'vitest';
import type { EventAccount } from '../../../../core/log/accounting.ts';
import type { QueueFacts } from '../../../../operator/clients/queue-facts.ts';
import type { LogAccount } from '../../../../operator/commands/report/account-log.ts';
import { type Known, notContained, notContainedLines } from '../../../../operator/commands/report/not-contained.ts';
import type { FinalHour } from '../../../../operator/figures/final-hour.ts';
import { depth, east, someQueue, west } from '../status/some-facts.ts';

const nowMs = Date.UTC(2026, 10, 23, 5, 30);
const silent = { depth: { kind: 'unknown', reason: 'no answer in time' } } as const;

function account(changes: Partial<EventAccount> = {}): EventAccount {
  const nothing = { inFlight: 0, owed: 0, unconfirmed: 0, stranded: 0, unexplained: 0 };
  return { captured: 100, inBothLogs: 100, ...nothing, ...changes };
}

/** A hundred events in four segments of one hour. */
function logAccount(changes: Partial<EventAccount> = {}): LogAccount {
  const hours = ['2026-11-23T05'];
  return { hours, segments: 4, events: 100, account: account(changes), endedBy: undefined };
}

function queues(changes: Partial<Record<QueueFacts['role'], number>>, owedRegion: string = east): QueueFacts[] {
  return (['intake', 'failure', 'stats', 'stats-failure', 'dead-letters'] as const).map((role) =>
    someQueue(role, { depth: depth(changes[role] ?? 0), ...(role === 'failure' && { owedRegion }) }),
  );
}

function final(segments: number, events: number): FinalHour {
  const digests = { digest8: 'aaaaaaaa', figuresDigest: 'f' };
  return { hour: '2026-11-23T04', revision: 1, cause: 'closed', ...digests, segments, events };
}

function linesOf(changes: Partial<Known>): readonly string[] {
  return notContainedLines(
    notContained({
      region: east,
      queues: [
        { region: east, queues: queues({}) },
        { region: west, queues: queues({}) },
      ],
      logAccount: logAccount(),
      states: [],
      provisionalHours: ['2026-11-23T05'],
      notLookedUp: [],
      nowMs,
      ...changes,
    }),
  );
}

describe('the lines about what figures do not contain', () => {
  test('are none when nothing waits', () => {
    expect(linesOf({})).toEqual([]);
  });

  test('estimate the waiting events of both regions by the mean size of a segment', () => {
    const waiting = [
      { region: east, queues: queues({ intake: 7, failure: 1, stats: 2, 'stats-failure': 1, 'dead-letters': 9 }) },
      { region: west, queues: queues({ intake: 3, failure: 1, stats: 50 }) },
    ];
    expect(linesOf({ queues: waiting })).toEqual([
      'about 135 events wait in queues and are not in these figures (an estimate): 10 in intake queues, those of 2 segments in failure queues, those of 3 segments that are not counted yet',
    ]);
    // Final hours are read from the log itself.
    expect(linesOf({ queues: waiting, provisionalHours: [] })[0]).toMatch(/^about 60 events wait/);
  });

  test('use the singular for one waiting event', () => {
    expect(linesOf({ queues: [{ region: east, queues: queues({ intake: 1 }) }] })).toEqual([
      'about 1 event waits in queues and is not in these figures (an estimate): 1 in intake queues',
    ]);
  });

  test('estimate by the segments of final hours when the log was not read', () => {
    const unread = { ...logAccount(), hours: [], segments: 0, events: 0, endedBy: 'the log: no answer in time' };
    const owed = [{ region: east, queues: queues({ failure: 1_000 }) }];
    const states = [final(4_000, 18_000_000), final(4, 0)];
    expect(linesOf({ queues: owed, logAccount: unread, states })[0]).toMatch(/^about 4495504 events wait/);
    expect(linesOf({ queues: owed, logAccount: unread })[0]).toMatch(/^about 1000 events wait/);
  });

  test('say why the numbers of events were not looked at', () => {
    const unread = { ...logAccount(), hours: [], endedBy: 'the time for it was over' };
    expect(linesOf({ logAccount: unread })).toEqual([
      'the numbers of events were not looked at (the time for it was over): more may be stranded, lost or unconfirmed',
    ]);
    expect(linesOf({ logAccount: { ...unread, hours: ['2026-11-23T05'] } })).toEqual([]);
  });

  test('leave out segments that the other region’s bucket is owed', () => {
    const waiting = [{ region: east, queues: queues({ failure: 5 }, west) }];
    expect(linesOf({ queues: waiting })).toEqual([]);
  });

  test('name the events that an unreachable region may hold', () => {
    const dead = [
      { region: east, queues: queues({}) },
      { region: west, queues: queues({}).map((queue) => ({ ...queue, ...silent })) },
    ];
    expect(linesOf({ queues: dead, logAccount: logAccount({ stranded: 12 }) })).toEqual([
      'at least 12 events may be stranded in us-west-2, which cannot be reached (no answer in time), and are not in these figures',
    ]);
    expect(linesOf({ queues: dead })).toEqual([
      'us-west-2 cannot be reached (no answer in time): events that it captured and could not hand on are not in these figures',
    ]);
  });

  test('name missing numbers, less the events that may be in a queue', () => {
    const hours = ['2026-11-23T05', '2026-11-23T04'];
    const waiting = [{ region: east, queues: queues({ intake: 11 }) }];
    expect(linesOf({ logAccount: { ...logAccount({ unexplained: 12 }), hours }, queues: waiting })[1]).toBe(
      '1 event of 2026-11-23T05Z, 2026-11-23T04Z was captured and cannot be found (by their numbers)',
    );
  });

  test('name events that no rung took', () => {
    expect(linesOf({ logAccount: logAccount({ unconfirmed: 2 }) })).toEqual([
      '2 events of 2026-11-23T05Z may be unconfirmed: keeptrack recover-logs brings them back',
    ]);
  });

  test('name only the hours that should be final', () => {
    const provisionalHours = ['2026-11-22T23', '2026-11-23T04', '2026-11-23T05'];
    expect(linesOf({ provisionalHours })).toEqual([
      '2 hours should be final and are not: 2026-11-22T23Z, 2026-11-23T04Z',
    ]);
    expect(linesOf({ provisionalHours, nowMs: Date.UTC(2026, 10, 23, 5, 20) })).toEqual([
      '1 hour should be final and is not: 2026-11-22T23Z',
    ]);
  });

  test('name hours that were not looked up', () => {
    const provisionalHours = ['2026-11-22T23', '2026-11-23T03'];
    expect(linesOf({ provisionalHours, notLookedUp: ['2026-11-23T03'] })).toEqual([
      '1 hour should be final and is not: 2026-11-22T23Z',
      '1 hour without figures was not looked up in the log, and may be empty: 2026-11-23T03Z',
    ]);
  });
});
