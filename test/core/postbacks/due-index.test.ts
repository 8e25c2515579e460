import { expect, test } from 'vitest';
import { digestOf } from '../../../core/ledger/object-keys.ts';
import { limits } from '../../../core/limits/limits.ts';
import { minuteMs } from '../../../core/log/log-key.ts';
import {
  type DueIndex,
  type DueMinute,
  dueMinutes,
  encodeDueIndex,
  newIndex,
  parseDueIndex,
  withAsked,
  withLooked,
  withOutbox,
} from '../../../core/postbacks/due-index.ts';
import { outboxKey, outboxKeysFrom, parseOutboxKey } from '../../../core/postbacks/outbox-key.ts';
import { seededChance } from '../../../core/seeded-chance.ts';
import { sampleMs } from '../../sample-lines.ts';

function keyAt(writtenAtMs: number, ofMinuteMs = sampleMs): string {
  return outboxKey({ writtenAtMs, minuteMs: ofMinuteMs, name: digestOf([`${writtenAtMs} ${ofMinuteMs}`]) });
}

const name = '2026-11-23T05-10';

function minuteIn(index: DueIndex): DueMinute {
  return index.minutes.get(name) ?? { dueAtMs: Number.NaN, inbox: [] };
}

function names(index: DueIndex, timeMs: number): readonly string[] {
  return dueMinutes(index, timeMs).map(([name]) => name);
}

test('keys sort by the time of writing, and give back what they were made of', () => {
  const chance = seededChance(5);
  for (let round = 0; round < 300; round += 1) {
    const [one, other] = [chance(), chance()].map((draw) => sampleMs + Math.floor(draw * 9_000_000));
    if (one === undefined || other === undefined || one === other) continue;
    expect(keyAt(one) < keyAt(other)).toBe(one < other);
    expect(outboxKeysFrom(one) < keyAt(other)).toBe(one < other);
    expect(parseOutboxKey(keyAt(one))).toMatchObject({ writtenAtMs: one, minuteMs: sampleMs });
  }
});

test('an object that appears late is found, and none is taken in twice', () => {
  const early = keyAt(sampleMs);
  const late = keyAt(sampleMs - limits.outbox.appearsWithinMs + 1);
  const first = withOutbox(newIndex(sampleMs), [early], sampleMs + 1);
  const second = withOutbox(first, [late, early], sampleMs + 2);
  expect(minuteIn(second).inbox).toEqual([early, late]);
  const looked = withLooked(second, [{ name, found: minuteIn(second) }]);
  expect(withOutbox(looked, [late, early], sampleMs + 2).minutes.size).toBe(0);
  expect(withOutbox(looked, [early], sampleMs + limits.outbox.appearsWithinMs + minuteMs).seen).toEqual([]);
});

test('a minute leaves the index when nothing of it is due, and stays while something came meanwhile', () => {
  const [one, two] = [keyAt(sampleMs), keyAt(sampleMs + 1)];
  const index = withOutbox(newIndex(sampleMs), [one, two], sampleMs + 2);
  const found = minuteIn(index);
  const looked = withLooked(index, [{ name, found: { ...found, inbox: [one] } }]);
  expect(minuteIn(looked)).toEqual({ dueAtMs: sampleMs + 1, inbox: [two] });
  const retry = withLooked(index, [{ name, found, dueAtMs: sampleMs + 60_000 }]);
  expect([names(retry, sampleMs), names(retry, sampleMs + 60_000)]).toEqual([[], [name]]);
  expect(names(withAsked(retry, name, sampleMs), sampleMs)).toEqual([name]);
});

test('a run that ends late does not remove what another run or an operator has noted meanwhile', () => {
  const [one, two] = [keyAt(sampleMs), keyAt(sampleMs + 1)];
  const before = withOutbox(newIndex(sampleMs), [one], sampleMs + 1);
  const late = [{ name, found: minuteIn(before) }];
  const more = withOutbox(before, [two], sampleMs + 2);
  const retry = { name, found: minuteIn(more), dueAtMs: sampleMs + minuteMs, isCopyOwed: true };
  expect(minuteIn(withLooked(withLooked(more, [retry]), late))).toEqual({
    ...{ dueAtMs: sampleMs + minuteMs, inbox: [], isCopyOwed: true },
  });
  expect(names(withLooked(withAsked(before, name, sampleMs + 5), late), sampleMs + 5)).toEqual([name]);
});

test('what is left over from a slow host comes behind minutes with new lines', () => {
  const index = withOutbox(newIndex(sampleMs), [keyAt(sampleMs)], sampleMs + 1);
  const left = withLooked(index, [{ name, found: minuteIn(index), dueAtMs: sampleMs }]);
  const more = withOutbox(left, [keyAt(sampleMs + 9, sampleMs + minuteMs)], sampleMs + 10);
  expect(names(more, sampleMs + 10)).toEqual(['2026-11-23T05-11', name]);
});

test('what is due longest comes first, and the index survives its text', () => {
  const minutes = [3, 1, 2].map((number) => keyAt(sampleMs + number, sampleMs + number * minuteMs));
  const index = withOutbox(newIndex(sampleMs), minutes, sampleMs + 9);
  expect(names(index, sampleMs + 9)).toEqual(['2026-11-23T05-11', '2026-11-23T05-12', '2026-11-23T05-13']);
  expect(parseDueIndex(encodeDueIndex(index))).toEqual(index);
  expect(parseDueIndex(Buffer.from('x'))).toBeUndefined();
});
