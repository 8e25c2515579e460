import { describe, expect, test } from 'vitest';
import type { QueueFacts } from '../../../../operator/clients/queue-facts.ts';
import { type Known, notContained, notContainedLines } from '../../../../operator/commands/report/not-contained.ts';
import { state } from '../../figures/figures-double.ts';
import { depth, east, someQueue, west } from '../status/some-facts.ts';

const nowMs = Date.UTC(2026, 10, 23, 5, 30);
const silent = { depth: { kind: 'unknown', reason: 'no answer in time' } } as const;
const [earlier, latest] = ['2026-11-23T04', '2026-11-23T05'];

function queues(changes: Partial<Record<QueueFacts['role'], number>>, owedRegion: string = east): QueueFacts[] {
  return (['intake', 'failure', 'dead-letters'] as const).map((role) =>
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
      states: [state(earlier, { segments: 4, events: 100 })],
      provisional: [{ hour: latest, ageSeconds: 30, newSegments: 0 }],
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
      { region: east, queues: queues({ intake: 7, failure: 1, 'dead-letters': 9 }) },
      { region: west, queues: queues({ intake: 3, failure: 1 }) },
    ];
    const provisional = [{ hour: latest, newSegments: 1 }, { hour: latest, newSegments: 2 }, { hour: latest }];
    expect(linesOf({ queues: waiting, provisional })).toEqual([
      'about 135 events wait and are not in these figures (an estimate): 10 in intake queues, those of 2 segments in failure queues, those of 3 segments of the log that are not counted yet',
    ]);
  });

  test('use the singular for one waiting event', () => {
    expect(linesOf({ queues: [{ region: east, queues: queues({ intake: 1 }) }] })).toEqual([
      'about 1 event waits and is not in these figures (an estimate): 1 in intake queues',
    ]);
  });

  test('take one event a segment when no hour is counted', () => {
    const owed = [{ region: east, queues: queues({ failure: 1_000 }) }];
    expect(linesOf({ queues: owed, states: [] })[0]).toMatch(/^about 1000 events wait/);
  });

  test('leave out segments that the other region’s bucket is owed', () => {
    const waiting = [{ region: east, queues: queues({ failure: 5 }, west) }];
    expect(linesOf({ queues: waiting })).toEqual([]);
  });

  test('name a region that cannot be reached', () => {
    const dead = [
      { region: east, queues: queues({}) },
      { region: west, queues: queues({}).map((queue) => ({ ...queue, ...silent })) },
    ];
    expect(linesOf({ queues: dead })).toEqual([
      'us-west-2 cannot be reached (no answer in time): events that it captured and could not hand on are not in these figures',
    ]);
  });

  test('name the events whose numbers are missing, and their hours', () => {
    const states = [1, 0, 2].map((missing, index) =>
      state(`2026-11-23T0${index}`, { accounting: { missing, gaps: [] } }),
    );
    expect(linesOf({ states })).toEqual([
      '3 events of 2026-11-23T00Z, 2026-11-23T02Z were captured and are in neither log (by their numbers): keeptrack recover-logs brings back those that no rung took',
    ]);
  });

  test('name final hours whose numbers are not judged', () => {
    const { accounting: _, ...unjudged } = state(earlier);
    expect(linesOf({ states: [unjudged, { ...unjudged, hour: latest, revision: 0 }] })).toEqual([
      'the ledger has not judged the numbers of events in 1 final hour, so events may be missing there: 2026-11-23T04Z',
    ]);
  });

  test('name only the hours that should be final', () => {
    const provisional = ['2026-11-22T23', earlier, latest].map((hour) => ({ hour }));
    expect(linesOf({ provisional })).toEqual(['2 hours should be final and are not: 2026-11-22T23Z, 2026-11-23T04Z']);
    expect(linesOf({ provisional, nowMs: Date.UTC(2026, 10, 23, 5, 20) })).toEqual([
      '1 hour should be final and is not: 2026-11-22T23Z',
    ]);
  });

  test('name hours that were not looked up', () => {
    const provisional = ['2026-11-22T23', '2026-11-23T03'].map((hour) => ({ hour }));
    expect(linesOf({ provisional, notLookedUp: ['2026-11-23T03'] })).toEqual([
      '1 hour should be final and is not: 2026-11-22T23Z',
      '1 hour without figures was not looked up in the log, and may be empty: 2026-11-23T03Z',
    ]);
  });
});
