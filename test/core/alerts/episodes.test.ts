import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterSending,
  beingSent,
  type Episode,
  isOpen,
  mergeEpisodes,
  nextEpisodes,
  type Signal,
  signalSources,
  untold,
} from '../../../core/alerts/episodes.ts';
import { limits } from '../../../core/limits/limits.ts';

const startMs = Date.UTC(2026, 10, 23, 5);
const minuteMs = 60_000;
const all = new Set(signalSources);
const signal = (verdict: Signal['verdict'], more: Partial<Signal> = {}): Signal => ({
  key: 'rule/1',
  of: 'a rule',
  verdict,
  says: 'a text',
  ...more,
});
const advance = (episodes: readonly Episode[], signals: readonly Signal[], nowMs: number, read = all) =>
  nextEpisodes(episodes, { signals, read, nowMs });
const began = advance([], [signal('out')], startMs);

describe('an episode', () => {
  test('begins out of bounds and goes on until the measure is well within them', () => {
    let episodes = began;
    for (const verdict of ['near', 'out', 'unknown', 'near'] as const) {
      episodes = advance(episodes, [signal(verdict)], startMs + minuteMs);
      expect(episodes.map(isOpen)).toEqual([true]);
    }
    expect(advance(episodes, [signal('within')], startMs + 2 * minuteMs)).toMatchObject([
      { endedAtMs: startMs + 2 * minuteMs },
    ]);
  });

  test('begins although the state is full of episodes that are over', () => {
    const { episodesMax } = limits.alerts;
    const over = Array.from({ length: episodesMax }, (_, number): Episode => {
      const [beganAtMs, endedAtMs] = [startMs, startMs + number];
      return {
        key: `cap/${number}/0/conversion_cap/near`,
        of: '',
        says: '',
        ...{ beganAtMs, endedAtMs },
        knownAtMs: startMs,
        atMs: startMs,
      };
    });
    const again = signal('out', { key: over[0]?.key ?? '' });
    const next = advance(over, [again, signal('out')], startMs + minuteMs);
    expect(next).toHaveLength(episodesMax);
    expect(next.filter(isOpen)).toHaveLength(2);
  });

  test.each(['near', 'within', 'unknown'] as const)('does not begin with a verdict of %s', (verdict) => {
    expect(advance([], [signal(verdict)], startMs)).toEqual([]);
  });

  test('stays as it is while its source cannot be read, and ends when the source lacks it', () => {
    const cap = advance([], [signal('out', { key: 'cap/3/0/conversion_cap/near' })], startMs);
    expect(advance(cap, [], startMs + 1, new Set(['rule'] as const))).toEqual(cap);
    expect(advance(cap, [], startMs + 1)).toMatchObject([{ endedAtMs: startMs + 1 }]);
  });

  test('ends when the rule is changed, and another one begins at once if that is out of bounds too', () => {
    const changed = advance(began, [signal('out', { of: 'another rule' })], startMs + minuteMs);
    expect(changed).toMatchObject([{ of: 'another rule', beganAtMs: startMs + minuteMs }]);
    expect(changed.map(isOpen)).toEqual([true]);
  });

  test('that nobody could judge for a day ends without a word', () => {
    const dayLater = startMs + limits.alerts.unknownMsMax;
    expect(advance(began, [signal('unknown')], dayLater).map(isOpen)).toEqual([true]);
    expect(advance(began, [signal('unknown')], dayLater + 1).map(isOpen)).toEqual([false]);
  });

  test('does not change the state at each run', () => {
    expect(advance(began, [signal('out')], startMs + 14 * minuteMs)).toEqual(began);
    expect(advance(began, [signal('out')], startMs + 15 * minuteMs)).not.toEqual(began);
  });

  test('of a rule is kept when it is over, and one of a cap for a week', () => {
    const cap = signal('out', { key: 'cap/3/0/conversion_cap/near' });
    const over = advance(advance([], [signal('out'), cap], startMs), [signal('within')], startMs + 1);
    const later = advance(over, [signal('within')], startMs + 1 + limits.alerts.endedKeptMs);
    expect(later.map(({ key }) => key)).toEqual(['rule/1']);
    expect(advance(later, [], startMs + 2 + limits.alerts.endedKeptMs)).toEqual([]);
  });
});

test('no episode begins when the state is full, and those that it has go on', () => {
  const many = Array.from({ length: limits.alerts.episodesMax + 1 }, (_, index) =>
    signal('out', { key: `cap/${index}/0/click_cap/near` }),
  );
  const full = advance([], many, startMs);
  expect(full).toHaveLength(limits.alerts.episodesMax);
  expect(advance(full, many, startMs + 1)).toEqual(full);
});

describe('a message', () => {
  test('is due until a run has sent it, and no other run sends it meanwhile', () => {
    expect(untold(began, startMs)).toEqual(began);
    const sending = began.map((episode) => beingSent(episode, startMs));
    expect(untold(sending, startMs + limits.alerts.sendingMs - 1)).toEqual([]);
    expect(untold(sending, startMs + limits.alerts.sendingMs)).toHaveLength(1);
    expect(
      untold(
        sending.map((one) => afterSending(one, true, startMs + 1)),
        startMs + limits.alerts.sendingMs,
      ),
    ).toEqual([]);
    expect(
      untold(
        sending.map((one) => afterSending(one, false, startMs + 1)),
        startMs + 1,
      ),
    ).toHaveLength(1);
  });

  test('is sent once an episode, however the measure swings', () => {
    const verdicts = fc.array(fc.constantFrom('out', 'near', 'within', 'unknown'), { maxLength: 60 });
    fc.assert(
      fc.property(verdicts, (all) => {
        let [episodes, sent, begun]: [readonly Episode[], number, number] = [[], 0, 0];
        let isOut = false;
        for (const [index, verdict] of all.entries()) {
          const nowMs = startMs + index * minuteMs;
          if (verdict === 'out' && !isOut) begun += 1;
          isOut = verdict === 'out' || (isOut && verdict !== 'within');
          episodes = advance(episodes, [signal(verdict)], nowMs);
          sent += untold(episodes, nowMs).length;
          episodes = episodes.map((one) => (one.toldAtMs === undefined ? afterSending(one, true, nowMs) : one));
          expect(episodes.some(isOpen)).toBe(isOut);
        }
        expect(sent).toBe(begun);
      }),
    );
  });
});

describe('copies of both regions', () => {
  const episode = fc.record({
    key: fc.constantFrom('rule/1', 'rule/2', 'postback/3'),
    of: fc.constantFrom('', 'x'),
    says: fc.constant('a text'),
    beganAtMs: fc.nat(5),
    knownAtMs: fc.nat(5),
    atMs: fc.nat(3),
  });
  const copy = fc.uniqueArray(episode, { selector: ({ key }) => key });

  test('come to the same whichever is read first, and merging again changes nothing', () => {
    fc.assert(
      fc.property(copy, copy, copy, (one, other, third) => {
        const merged = mergeEpisodes(one, other);
        expect(mergeEpisodes(other, one)).toEqual(merged);
        expect(mergeEpisodes(merged, one)).toEqual(merged);
        expect(mergeEpisodes(mergeEpisodes(one, other), third)).toEqual(
          mergeEpisodes(one, mergeEpisodes(other, third)),
        );
      }),
    );
  });

  test('keep what one region has told while the other was away', () => {
    const told = began.map((one) => afterSending(one, true, startMs + 5));
    expect(mergeEpisodes(began, told)).toEqual(told);
  });
});
