import { expect, test } from 'vitest';
import { startElsewhere } from '../../../lambda/audit/start-elsewhere.ts';

const items = Array.from({ length: 16 }, (_, index) => index);

test('each turn has all items in their order, beginning at one of them', () => {
  for (const turn of [0, 1, 2, 5_869_440]) {
    const turned = startElsewhere(items, turn, false);
    expect([...turned].sort((left, right) => left - right)).toEqual(items);
    expect(turned.every((item, index) => item === ((turned[0] ?? 0) + index) % 16)).toBe(true);
  }
  expect(startElsewhere([], 7, true)).toEqual([]);
});

test('no item waits long to be the first one, wherever the turns begin', () => {
  for (const from of [0, 494_000, 5_869_440]) {
    const firsts = new Set(Array.from({ length: 32 }, (_, turn) => startElsewhere(items, from + turn, false)[0]));
    expect(firsts.size).toBe(16);
  }
});

test('two who take turns begin half-way round from each other', () => {
  for (const turn of [3, 4, 5]) {
    const [one = 0, other = 0] = [false, true].map((isSecond) => startElsewhere(items, turn, isSecond)[0]);
    expect((one + 8) % 16).toBe(other);
  }
});
