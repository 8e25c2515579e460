import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EventFields, encodeLine, encodeParts, knownTypeOf, parseLine } from '../../../core/event/event.ts';
import { eventOutcome } from '../../../core/figures/outcome.ts';
import { parseLogKey } from '../../../core/log/log-key.ts';
import { readSegment, segmentFault, segmentsOf } from '../../../core/log/segment.ts';
import { earningsOf } from '../../../core/money/earnings.ts';
import { idOf, sampleLine, sampleMs } from '../../sample-lines.ts';

const paid = { payout_type: 'cpc', payout: '0.10', revenue_type: 'cpc', revenue: '1' };

function eventWith(fields: EventFields) {
  const parsed = parseLine(sampleLine(1, sampleMs, { ...paid, ...fields }));
  if (parsed.kind === 'rejected') throw new Error(parsed.reason);
  return parsed.event;
}

describe('a line of a later release', () => {
  test.each<[string, EventFields]>([
    ['of a new type', { type: 'verdict' }],
    ['of a new type of several words', { type: 'postback-attempt-2' }],
    ['of a later version', { v: 2 }],
    ['of a new type and a later version', { v: 999, type: 'x' }],
    ['of later counting rules', { rules: 3 }],
  ])('%s is an event that is not counted and not paid', (_, fields) => {
    const event = eventWith(fields);
    expect([knownTypeOf(event), eventOutcome(event)]).toEqual([undefined, 'unknown']);
    expect(earningsOf(event)).toEqual({ payoutMicros: 0n, revenueMicros: 0n });
  });

  test.each<[string, EventFields, string]>([
    ['no type', { type: 7 }, 'bad-type'],
    ['an empty type', { type: '' }, 'bad-type'],
    ['a type that is no word', { type: '<script>' }, 'bad-type'],
    ['a type of endless length', { type: 'x'.repeat(33) }, 'bad-type'],
    ['a version before the first', { v: 0 }, 'bad-version'],
    ['a version that is no whole number', { v: 1.5 }, 'bad-version'],
    ['a version in text', { v: '2' }, 'bad-version'],
    ['a version that no release will reach', { v: 1_000 }, 'bad-version'],
  ])('with %s is no event', (_, fields, reason) => {
    expect(parseLine(sampleLine(1, sampleMs, fields))).toEqual({ kind: 'rejected', reason });
  });

  test('is kept whole in a segment with its id, in whatever order its keys are', () => {
    const later = sampleLine(2, sampleMs, { v: 2, type: 'verdict', rules: 4, note: 'ü' });
    const { v, id, ...rest } = JSON.parse(sampleLine(3, sampleMs, { type: 'correction' }));
    const reordered = JSON.stringify({ ...rest, id, v });
    const lines = [sampleLine(1), later, reordered];
    const [segment] = segmentsOf(lines);
    expect(segment?.eventIds).toEqual(lines.map(idOf).sort());
    const key = parseLogKey(segment?.key ?? '');
    expect(key && segmentFault(key, segment?.gzip ?? new Uint8Array())).toBeUndefined();
    const read = readSegment(segment?.gzip ?? new Uint8Array());
    expect(read.kind === 'read' && [...read.lines].sort()).toEqual([...lines].sort());
  });
});

describe('a conversion that waits', () => {
  test.each<[string, EventFields]>([
    ['for what this release knows', { pending_for: 'approval', status: 'pending' }],
    ['for what only a later release knows', { pending_for: 'moon', status: 'waiting' }],
  ])('%s is pending', (_, fields) => {
    const event = eventWith({ type: 'conversion', ...fields });
    expect(eventOutcome(event)).toBe('pending');
  });
});

describe('the line of marks and fields', () => {
  const marks = { v: 1, id: idOf(sampleLine(1, sampleMs)), type: 'click', at: sampleMs, region: 'us-east-1' };

  test('is that of the joined event, whatever the fields are', () => {
    const anyFields = fc.dictionary(
      // JavaScript puts names of digits first.
      fc.string({ unit: 'binary' }).filter((name) => !(name in marks) && !/^\d+$/.test(name)),
      fc.jsonValue() as fc.Arbitrary<EventFields[string]>,
    );
    fc.assert(
      fc.property(anyFields, (fields) => {
        expect(encodeParts(marks, fields)).toBe(encodeLine({ ...marks, ...fields }));
      }),
    );
  });

  test('is that of the marks alone when there are no fields', () => {
    expect(encodeParts(marks, {})).toBe(encodeLine(marks));
  });
});
