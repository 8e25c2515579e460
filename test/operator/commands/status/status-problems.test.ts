import { describe, expect, test } from 'vitest';
import type { StorageSwitch } from '../../../../core/capture/switches.ts';
import { expiresWithinSeconds, type QueueFacts } from '../../../../operator/clients/queue-facts.ts';
import { owedTo, type RegionFacts } from '../../../../operator/commands/status/status-facts.ts';
import { problemsIn, switchesIn } from '../../../../operator/commands/status/status-problems.ts';
import { age, atMs, depth, east, someFacts, someQueue, someRegion, west } from './some-facts.ts';

const unknown = { kind: 'unknown', reason: 'no answer in time' } as const;

function problemsWith(changes: Partial<RegionFacts>): readonly string[] {
  return problemsIn(someFacts({ regions: [someRegion(east, changes), someRegion(west)] }));
}

function problemsOf(queue: QueueFacts): readonly string[] {
  return problemsWith({ queues: [queue] });
}

test('a deployment in which all is well has no problem', () => {
  expect(problemsIn(someFacts())).toEqual([]);
});

describe('a region', () => {
  test('that is ill comes first', () => {
    const queues = [someQueue('dead-letters', { depth: depth(2), oldestAgeSeconds: age(60) })];
    const problems = problemsWith({ health: { kind: 'ill', reason: 'no answer within 4 s' }, queues });
    expect(problems[0]).toBe('us-east-1: /health no answer within 4 s');
    expect(problems).toContainEqual(expect.stringContaining('queue kt-dead-letters holds 2'));
  });

  test('whose log cannot be listed, or got no segment lately, is a problem', () => {
    expect(problemsWith({ lastSegmentAtMs: unknown })).toEqual([
      'us-east-1: its log cannot be listed: no answer in time',
    ]);
    expect(problemsWith({ lastSegmentAtMs: { kind: 'known', value: atMs - 6 * 60_000 } })).toEqual([
      'us-east-1: no segment came into its log for 6 min',
    ]);
    expect(problemsWith({ lastSegmentAtMs: { kind: 'known', value: undefined } })).toEqual([
      'us-east-1: no segment came into its log for 3 hours',
    ]);
  });

  test('without a domain is judged by its queues and its log alone', () => {
    const { health: _h, drained: _d, ...rest } = someRegion(east);
    const { name: _n, ...facts } = someFacts({ hasDomain: false, regions: [rest] });
    expect(problemsIn(facts)).toEqual([]);
  });
});

describe('a queue', () => {
  test.each([
    ['intake', 60, []],
    ['intake', 120, ['us-east-1: queue kt-intake holds 7, the oldest for at least 2 min']],
    ['failure', 240, []],
    [
      'failure',
      3_700,
      [
        'us-east-1: queue kt-failure holds 7, the oldest for at least 1 h 1 min: the dashboard shows how long it has not been empty',
      ],
    ],
    [
      'failure',
      8 * 86_400,
      ['us-east-1: queue kt-failure holds 7, the oldest for at least 8 d 0 h: SQS deletes it within 6 d 0 h'],
    ],
    ['dead-letters', 1, ['us-east-1: queue kt-dead-letters holds 7: messages that could not be processed']],
  ] as const)('%s with messages %i s old', (role, seconds, problems) => {
    expect(problemsOf(someQueue(role, { depth: depth(7), oldestAgeSeconds: age(seconds) }))).toEqual(problems);
  });

  test('of owed segments with many messages is a problem at any age, because SQS leaves often received messages out of the age', () => {
    const queue = someQueue('failure', { depth: depth(4_000), oldestAgeSeconds: age(40) });
    expect(problemsOf(queue)).toEqual([
      'us-east-1: queue kt-failure holds 4000, the oldest for at least 40 s: the dashboard shows how long it has not been empty',
    ]);
    expect(problemsOf({ ...queue, role: 'intake' })).toEqual([]);
  });

  test('of events may hold them for the window of `store` longer', () => {
    const queue = someQueue('intake', { depth: depth(7), oldestAgeSeconds: age(120) });
    const regions = [someRegion(east, { queues: [queue] }), someRegion(west)];
    expect(problemsIn(someFacts({ regions, storeWindowSeconds: 60 }))).toEqual([]);
    expect(problemsIn(someFacts({ regions, storeWindowSeconds: 10 }))).toHaveLength(1);
  });

  test('of unknown depth or age is a problem', () => {
    expect(problemsOf(someQueue('intake', { depth: unknown }))).toEqual([
      'us-east-1: queue kt-intake cannot be read: no answer in time',
    ]);
    expect(problemsOf(someQueue('failure', { depth: depth(3), oldestAgeSeconds: unknown }))).toEqual([
      'us-east-1: queue kt-failure holds 3 of unknown age: no answer in time',
    ]);
  });

  test('is not reported by itself when no queue of its region answers', () => {
    const queues = someRegion(east).queues.map((queue) => ({ ...queue, depth: unknown }));
    expect(problemsWith({ queues })).toEqual(['us-east-1: its queues cannot be read: no answer in time']);
  });

  test('expires at the latest by its retention, less the age of its oldest message; an empty one does not', () => {
    const queue = someQueue('failure', { depth: depth(1), oldestAgeSeconds: age(86_400) });
    expect(expiresWithinSeconds(queue)).toBe(13 * 86_400);
    expect(expiresWithinSeconds(someQueue('failure'))).toBeUndefined();
  });
});

test('a bucket is owed the segments in both regions’ queues, and at least those when one does not answer', () => {
  const owing = (messages: number) => someQueue('failure', { owedRegion: east, depth: depth(messages) });
  const regions = [someRegion(east, { queues: [owing(3)] }), someRegion(west, { queues: [owing(4)] })];
  expect(owedTo(east, regions)).toEqual({ messages: 7, complete: true });
  const silent = someRegion(east, { queues: [someQueue('failure', { owedRegion: east, depth: unknown })] });
  expect(owedTo(east, [silent, ...regions.slice(1)])).toEqual({ messages: 4, complete: false });
});

describe('the tracking name', () => {
  const leadsTo = (regions: Record<string, number>, failures: readonly string[] = []) => ({
    name: { url: 'https://go.example.com', regions, failures },
  });

  test('that leads to the standby although the primary is well is a problem', () => {
    expect(problemsIn(someFacts(leadsTo({ [east]: 4, [west]: 1 })))).toEqual([
      'https://go.example.com: leads to us-west-2, and should lead to us-east-1',
    ]);
  });

  test('that leads to the standby while the primary is ill is no problem of its own', () => {
    const ill = someRegion(east, { health: { kind: 'ill', reason: 'answers 503 failing' } });
    const facts = someFacts({ ...leadsTo({ [west]: 5 }), regions: [ill, someRegion(west)] });
    expect(problemsIn(facts)).toEqual(['us-east-1: /health answers 503 failing']);
  });

  test('may lead to both regions when the routing is weighted', () => {
    expect(problemsIn(someFacts({ ...leadsTo({ [east]: 3, [west]: 2 }), routing: 'weighted' }))).toEqual([]);
  });

  test('that does not answer is a problem', () => {
    expect(problemsIn(someFacts(leadsTo({ [east]: 3 }, ['ENOTFOUND', 'ENOTFOUND'])))).toEqual([
      'https://go.example.com: some requests were not answered (ENOTFOUND)',
    ]);
  });
});

describe('a switch', () => {
  const away = { switch: 'shift', region: east, set: 'away', by: 'ada', at: atMs - 60_000 } as const;
  const copy = { kind: 'switch', value: away } as const;

  test('that somebody set is shown and is no problem', () => {
    const regions = [someRegion(east, { shift: { counting: copy, own: copy, holds: away } }), someRegion(west)];
    const facts = someFacts({ regions, name: { url: 'https://go.example.com', regions: { [west]: 5 }, failures: [] } });
    expect(problemsIn(facts)).toEqual([]);
    expect(switchesIn(facts)).toEqual(['us-east-1: shift away, set by ada at 2026-11-23 05:09:00 UTC']);
  });

  test('of both regions at once is a problem', () => {
    const drained = (region: string) => {
      const value = { ...away, region };
      const one = { kind: 'switch', value } as const;
      return someRegion(region, { shift: { counting: one, own: one, holds: value } });
    };
    expect(problemsIn(someFacts({ regions: [drained(east), drained(west)] }))).toEqual([
      'both regions are shifted away: DNS then answers with the primary',
    ]);
  });

  test('is a problem when its copies differ or when one cannot be read', () => {
    expect(problemsWith({ shift: { counting: { kind: 'missing' }, own: copy, holds: undefined } })).toEqual([
      "us-east-1: the two copies of its shift switch differ; the one in its peer's log decides. Set the switch once more",
    ]);
    const unreadable = { kind: 'unreadable', problems: ['503 SlowDown'] } as const;
    expect(problemsWith({ shift: { counting: unreadable, own: { kind: 'missing' }, holds: undefined } })).toEqual([
      expect.stringContaining('that decides cannot be read (503 SlowDown); functions that have not read it use'),
    ]);
  });

  test('of storage that has expired is not in force', () => {
    const storage: StorageSwitch = {
      switch: 'storage',
      region: east,
      set: 'skip-home',
      by: 'ada',
      at: atMs - 7_200_000,
      until: atMs - 1,
    };
    const one = { kind: 'switch', value: storage } as const;
    const regions = [someRegion(east, { storage: { counting: one, own: one, holds: storage } }), someRegion(west)];
    expect(switchesIn(someFacts({ regions }))).toEqual([]);
  });
});
