import { describe, expect, test } from 'vitest';
import { type LoggedEvent, parseLine } from '../../../core/event/event.ts';
import { competingKey, earliestOf } from '../../../core/figures/conversions.ts';
import {
  claimResult,
  type ProvisionalClaims,
  provisionalClaimUpdate,
} from '../../../core/figures/provisional-claim.ts';
import { hourStart } from '../../../core/log/log-key.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';

const conversionKey = 'c'.repeat(32);
const mine = 'a'.repeat(32);
const other = 'b'.repeat(32);

function conversion(seq: number, fields = {}): LoggedEvent {
  const line = sampleLine(seq, sampleMs + seq, { type: 'conversion', conversion_key: conversionKey, ...fields });
  const parsed = parseLine(line);
  if (parsed.kind !== 'event') throw new Error('the sample is no event');
  return parsed.event;
}

describe('conversions of one key compete', () => {
  test('when they are approved or pending, and no tests', () => {
    const outcomes = [{}, { status: 'pending' }, { status: 'rejected' }, { reason: 'ip-not-allowed' }, { test: true }];
    expect(outcomes.map((fields) => competingKey(conversion(1, fields)) !== undefined)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(competingKey(conversion(1, { conversion_key: 'x' }))).toBeUndefined();
    expect(competingKey(conversion(1, { type: 'click' }))).toBeUndefined();
  });

  test('and the earliest is the one with the smallest id, in whatever order they come', () => {
    const [early, late] = [conversion(1), conversion(2)];
    for (const events of [
      [early, late],
      [late, early],
    ]) {
      expect([...earliestOf(events)]).toEqual([[conversionKey, early.id]]);
    }
  });
});

describe('a conversion that competes for a key', () => {
  const [early, late] = [conversion(1), conversion(2)];
  const heldBy = (eventId: string, segmentId: string): ProvisionalClaims =>
    new Map([[conversionKey, { eventId, segmentId }]]);

  test('counts when its own segment holds the claim of the key', () => {
    expect(claimResult(early, mine, heldBy(early.id, mine))).toBe('counts');
    expect(claimResult(late, mine, heldBy(early.id, mine))).toBe('duplicate');
  });

  test('is a duplicate when another segment holds the claim, and counts as nothing when that is the same event', () => {
    expect(claimResult(late, mine, heldBy(early.id, other))).toBe('duplicate');
    expect(claimResult(early, mine, heldBy(late.id, other))).toBe('duplicate');
    expect(claimResult(early, mine, heldBy(early.id, other))).toBe('elsewhere');
  });

  test('without a key counts by itself', () => {
    expect(claimResult(conversion(1, { conversion_key: 'x' }), mine, heldBy(late.id, other))).toBe('counts');
  });
});

test('a claim belongs to one event only, and expires with the rows of its hour', () => {
  const eventId = conversion(1).id;
  expect(provisionalClaimUpdate(conversionKey, eventId, { segmentId: mine, hourStartMs: hourStart(sampleMs) })).toEqual(
    {
      kind: 'update',
      key: { pk: `conversion#${conversionKey}`, sk: 'conversion' },
      set: { counted_id: eventId, counted_segment: mine, expires_at: BigInt(Date.UTC(2027, 0, 2, 5) / 1_000) },
      when: [
        { attribute: 'counted_segment', is: 'absent' },
        { attribute: 'counted_segment', is: 'equal', value: mine },
      ],
    },
  );
});
