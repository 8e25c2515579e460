import { describe, expect, test } from 'vitest';
import type { EventFields, LoggedEvent } from '../../../../core/event/event.ts';
import type { FiguresFacts } from '../../../../operator/commands/explain/figures-facts.ts';
import { countingIn } from '../../../../operator/commands/explain/place-in-figures.ts';
import type { SegmentCopy } from '../../../../operator/commands/explain/segment-copies.ts';

const region = 'us-east-1';
const key = 'c'.repeat(32);
const finalizedAtMs = 100_000;
const hour = { revision: 2, cause: 'late', finalizedAtMs };
const nothingKnown: FiguresFacts = { countedSegments: new Set(), isReopened: false };
const allCounted: FiguresFacts = { countedSegments: new Set(['s']), hour, isReopened: false };

function event(type: string, fields: EventFields = {}): LoggedEvent {
  return { v: 1, id: 'event-2', type, at: 0, region, ...fields };
}

const conversion = event('conversion', { status: 'approved', conversion_key: key });

function counting(of: LoggedEvent, facts: FiguresFacts, writtenAtMs: number | undefined = 50_000) {
  const place = { region, bucket: 'log' };
  const elsewhere: SegmentCopy = { kind: 'there', region: 'us-west-2', bucket: 'log', writtenAtMs: 1 };
  const own: SegmentCopy = writtenAtMs < 0 ? { kind: 'missing', ...place } : { kind: 'there', ...place, writtenAtMs };
  return countingIn(region, of, [own, elsewhere], { kind: 'known', facts });
}

describe('provisionally', () => {
  test('an event counts when a segment that holds it is counted', () => {
    expect(counting(event('click'), nothingKnown).provisional).toMatchObject({ kind: 'not-yet' });
    expect(counting(event('click'), allCounted).provisional).toEqual({ kind: 'counted', as: 'clicks' });
  });

  test('a conversion is a duplicate when another one has its key', () => {
    const held = { ...allCounted, claim: { eventId: 'event-1', segmentId: 's' } };
    expect(counting(conversion, held).provisional).toEqual({
      kind: 'counted',
      as: 'duplicates',
      duplicateOf: 'event-1',
    });
    const own = { ...allCounted, claim: { eventId: 'event-2', segmentId: 'other' } };
    expect(counting(conversion, own).provisional).toEqual({ kind: 'counted', as: 'approved' });
  });
});

test('an event that only a later release understands never counts, and the reason says so', () => {
  const never = { kind: 'never', why: 'a later release wrote it, and this one does not understand it' };
  expect(counting(event('decision'), allCounted)).toMatchObject({ provisional: never, final: never });
});

describe('finally', () => {
  test('an event counts when its hour was made final after it came', () => {
    expect(counting(event('click'), allCounted)).toMatchObject({ final: { kind: 'counted', as: 'clicks' }, hour });
  });

  test.each<[string, FiguresFacts, number]>([
    ['its hour is not final', nothingKnown, 1],
    ['it came after revision 2 of its hour was made', allCounted, finalizedAtMs + 1_000],
    ['this region’s log does not have it', allCounted, -1],
  ])('not yet, because %s', (why, facts, writtenAtMs) => {
    expect(counting(event('click'), facts, writtenAtMs).final).toEqual({ kind: 'not-yet', why });
  });

  test('the first conversion of a key counts, and others are its duplicates', () => {
    const first = (firstId: string) => ({ ...allCounted, first: { firstId, hours: [], version: 'v1' } });
    expect(counting(conversion, first('event-2')).final).toEqual({ kind: 'counted', as: 'approved' });
    expect(counting(conversion, first('event-1')).final).toMatchObject({ as: 'duplicates', duplicateOf: 'event-1' });
  });

  test('a conversion waits for its hour when that is about to be made final again', () => {
    expect(counting(conversion, { ...allCounted, isReopened: true }).final).toMatchObject({ kind: 'not-yet' });
  });

  test('a rejected conversion or a test counts as such, whichever event holds its key', () => {
    const held = { ...allCounted, first: { firstId: 'event-1', hours: [], version: 'v1' } };
    const rejected = event('conversion', { status: 'rejected', reason: 'ip-not-allowed', conversion_key: key });
    expect(counting(rejected, held).final).toEqual({ kind: 'counted', as: 'rejected' });
    const tested = event('conversion', { status: 'approved', test: true, conversion_key: key });
    expect(counting(tested, held).final).toEqual({ kind: 'counted', as: 'tests' });
  });
});

test('a probe is never counted, and figures that cannot be asked say nothing', () => {
  expect(counting(event('probe'), allCounted)).toMatchObject({
    provisional: { kind: 'never' },
    final: { kind: 'never' },
  });
  expect(countingIn(region, conversion, [], { kind: 'unknown', reason: 'no answer in time' })).toEqual({
    region,
    reason: 'no answer in time',
  });
});
