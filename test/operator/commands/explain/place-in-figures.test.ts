import { describe, expect, test } from 'vitest';
import type { EventFields, LoggedEvent } from '../../../../core/event/event.ts';
import type { FiguresFacts } from '../../../../operator/commands/explain/figures-facts.ts';
import { countingIn, type KeyedCopy } from '../../../../operator/commands/explain/place-in-figures.ts';

const region = 'us-east-1';
const key = 'c'.repeat(32);
const foldedToMs = 100_000;
const made = { revision: 2, cause: 'late', atMs: 130_000, foldedToMs };
const counted: FiguresFacts = { hour: { ...made, unreadable: [] } };

function event(type: string, fields: EventFields = {}): LoggedEvent {
  return { v: 1, id: 'event-2', type, at: 0, region, ...fields };
}

const conversion = event('conversion', { status: 'approved', conversion_key: key });

function placeOf(of: LoggedEvent, facts: FiguresFacts, ...writtenAtMs: readonly number[]) {
  const there = { kind: 'there', bucket: 'log' } as const;
  const elsewhere: KeyedCopy = { key: 'segment', copy: { ...there, region: 'us-west-2', writtenAtMs: 1 } };
  const own = writtenAtMs.map((at): KeyedCopy => ({ key: 'segment', copy: { ...there, region, writtenAtMs: at } }));
  return countingIn(region, of, [...own, elsewhere], { kind: 'known', facts }).place;
}

describe('an event', () => {
  test('counts when one of its segments was in the log when the hour was counted', () => {
    expect(placeOf(event('click'), counted, foldedToMs)).toEqual({ kind: 'counted', as: 'clicks' });
    expect(placeOf(event('click'), counted, foldedToMs + 1_000, 1)).toEqual({ kind: 'counted', as: 'clicks' });
  });

  test.each<[string, FiguresFacts, readonly number[]]>([
    ['nothing of its hour is counted', {}, [1]],
    ['it came after its hour was counted last', counted, [foldedToMs + 1_000]],
    ['this region’s log does not have it', counted, []],
    ['its segment could not be read', { hour: { ...made, unreadable: ['segment'] } }, [1]],
  ])('is not counted yet, because %s', (why, facts, writtenAtMs) => {
    expect(placeOf(event('click'), facts, ...writtenAtMs)).toEqual({ kind: 'not-yet', why });
  });

  test('that is a probe, or that only a later release understands, never counts, and the reason says so', () => {
    expect(placeOf(event('probe'), counted, 1)).toEqual({ kind: 'never', why: 'probes are not counted' });
    const why = 'a later release wrote it, and this one does not understand it';
    expect(placeOf(event('of-later'), counted, 1)).toEqual({ kind: 'never', why });
  });
});

describe('of the conversions of a key', () => {
  const held = { ...counted, firstId: 'event-1' };

  test('the first one counts, and others are its duplicates', () => {
    const duplicate = { kind: 'counted', as: 'duplicates', duplicateOf: 'event-1' };
    expect(placeOf(conversion, { ...counted, firstId: 'event-2' }, 1)).toEqual({ kind: 'counted', as: 'first report' });
    expect(placeOf(conversion, held, 1)).toEqual(duplicate);
  });

  test('a rejected one or a test counts as such, whichever event holds the key', () => {
    const rejected = event('conversion', { status: 'rejected', reason: 'ip-not-allowed', conversion_key: key });
    expect(placeOf(rejected, held, 1)).toEqual({ kind: 'counted', as: 'rejected' });
    const tested = event('conversion', { status: 'approved', test: true, conversion_key: key });
    expect(placeOf(tested, held, 1)).toEqual({ kind: 'counted', as: 'tests' });
  });
});

test('the place comes with what is in force of the hour', () => {
  expect(countingIn(region, event('probe'), [], { kind: 'known', facts: counted })).toMatchObject({ hour: made });
});

test('figures that cannot be asked say nothing', () => {
  expect(countingIn(region, conversion, [], { kind: 'unknown', reason: 'no answer in time' })).toEqual({
    region,
    reason: 'no answer in time',
  });
});
