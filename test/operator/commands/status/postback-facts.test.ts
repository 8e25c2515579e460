import { describe, expect, test } from 'vitest';
import type { Heartbeat } from '../../../../core/postbacks/heartbeat.ts';
import { problemsIn } from '../../../../operator/commands/status/status-problems.ts';
import { statusLines } from '../../../../operator/commands/status/status-table.ts';
import { atMs, east, someFacts, someRegion, west } from './some-facts.ts';

const minuteMs = 60_000;

function beat(changes: Partial<Heartbeat> = {}): Heartbeat {
  return { region: east, atMs: atMs - 20_000, toldToMs: atMs - 90_000, dueMinutes: 0, suspended: [], ...changes };
}

function factsWith(first: Partial<Heartbeat>, second: Partial<Heartbeat> = {}) {
  const region = (name: string, said: Partial<Heartbeat>) =>
    someRegion(name, { postbacks: { kind: 'known', value: beat({ region: name, ...said }) } });
  return someFacts({ regions: [region(east, first), region(west, second)] });
}

describe('status of postbacks', () => {
  test('shows how far each region is, and is no problem in good weather', () => {
    // The second region leaves each conversion to the first one for a while.
    const facts = factsWith({ dueMinutes: 1 }, { toldToMs: atMs - 17 * minuteMs });
    expect(problemsIn(facts)).toEqual([]);
    const [row = ''] = statusLines(facts).filter((line) => line.startsWith('postbacks'));
    expect(row.split(/ {2,}/)).toEqual([
      'postbacks',
      'told up to 1 min ago, 1 minute of conversions to be sent or tried again',
      'told up to 17 min ago',
    ]);
  });

  test.each<[string, Partial<Heartbeat>, string]>([
    [
      'that has stood still',
      { atMs: atMs - 10 * minuteMs },
      'us-east-1: notify has not ended a run for 10 min: nobody tells partners here',
    ],
    [
      'that lags',
      { toldToMs: atMs - 30 * minuteMs },
      'us-east-1: postbacks are late: conversions of the last 30 min were not told yet',
    ],
  ])('names a region %s', (_, said, problem) => {
    expect(problemsIn(factsWith(said))).toEqual([problem]);
  });

  test('names a suspended postback once, as the region knows it that ran last', () => {
    const facts = factsWith({ suspended: [12] }, { suspended: [13], atMs: atMs - 40_000 });
    expect(problemsIn(facts)).toEqual([expect.stringMatching(/^postback 12 is suspended.*keeptrack postbacks list$/)]);
  });

  test('names a region whose notify cannot be asked', () => {
    const postbacks = { kind: 'unknown', reason: 'no answer in time' } as const;
    expect(problemsIn(someFacts({ regions: [someRegion(east, { postbacks }), someRegion(west)] }))).toEqual([
      'us-east-1: what notify says cannot be read: no answer in time',
    ]);
  });
});
