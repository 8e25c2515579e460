import { beforeEach, expect, test } from 'vitest';
import { uuidV7 } from '../../../../core/event/uuid.ts';
import { hourMs, hourName, hourStart } from '../../../../core/log/log-key.ts';
import { factsAbout, hoursOfFirsts } from '../../../../operator/commands/explain/figures-facts.ts';
import { FiguresDouble } from '../../figures/figures-double.ts';

const atMs = Date.UTC(2026, 10, 23, 5, 4, 3);
const hourStartMs = hourStart(atMs);
const eventId = uuidV7(atMs, new Uint8Array(10));
const earlierId = uuidV7(atMs - 48 * hourMs, new Uint8Array(10));
const [key, otherKey] = ['c'.repeat(32), 'd'.repeat(32)];

let figures: FiguresDouble;
beforeEach(() => {
  figures = new FiguresDouble();
});

test('the facts about an event are the state of its hour and the first conversion of its key', async () => {
  const hour = figures.count(hourName(hourStartMs), [], { revision: 3, cause: 'late' });
  figures.setFirst(key, earlierId);
  expect(await factsAbout(figures.reader(), eventId, key)).toEqual({
    kind: 'known',
    facts: { hour, firstId: earlierId },
  });
});

test('an event of an hour that was never counted has no facts', async () => {
  expect(await factsAbout(figures.reader(), eventId, undefined)).toEqual({ kind: 'known', facts: {} });
});

test('figures that cannot be read give the reason', async () => {
  figures.answer = { status: 0, code: 'Timeout' };
  expect(await factsAbout(figures.reader(), eventId, key)).toEqual({
    kind: 'unknown',
    reason: expect.stringMatching(/of us-east-1 cannot be read \(no answer in time\)/),
  });
});

test('the index names the hours of first conversions', async () => {
  figures.setFirst(key, earlierId);
  expect(await hoursOfFirsts(figures.reader(), [key, otherKey])).toEqual([hourStartMs - 48 * hourMs]);
});

test('an index that does not answer names no hours, and says so', async () => {
  figures.answer = { status: 0, code: 'Timeout' };
  expect(await hoursOfFirsts(figures.reader(), [key])).toBeUndefined();
});
