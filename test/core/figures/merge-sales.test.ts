import { describe, expect, test } from 'vitest';
import type { AdjustmentFields } from '../../../core/conversions/operator-events.ts';
import type { EventFields, LoggedEvent } from '../../../core/event/event.ts';
import { waitingMark } from '../../../core/figures/first-conversion.ts';
import { type MinuteSales, mergeSales } from '../../../core/figures/merge-sales.ts';
import { competingKey, salesPartOf } from '../../../core/figures/sales-part.ts';
import { hourMs, minuteMs } from '../../../core/log/log-key.ts';
import { operatorLine } from '../../operator-lines.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { eventOf } from './fold-lines.ts';

const key = 'c'.repeat(32);
const terms = { payout_type: 'cpa_flat', payout: '1.50', currency: 'USD', aff_id: 7 };
const startMs = sampleMs;

function report(seq: number, fields: EventFields = {}, atMs = startMs): LoggedEvent {
  const own = { type: 'conversion', conversion_key: key, status: 'approved', rules: 2, sender: 'proven' };
  return eventOf(sampleLine(seq, atMs + seq, { ...terms, ...own, ...fields }));
}

const rejection = { status: 'rejected', reason: 'rejected-by-advertiser' };

function decision(seq: number, of: LoggedEvent, verdict: 'approve' | 'reject', atMs = startMs): LoggedEvent {
  const fields = { conversion_key: key, conversion_id: of.id, verdict };
  return eventOf(operatorLine(seq, atMs + seq, { type: 'decision', fields }));
}

function adjustment(seq: number, fields: Partial<AdjustmentFields> = {}, atMs = startMs): LoggedEvent {
  const whole = { reference: 'r-1', day: '2026-11-23', day_at: startMs - hourMs, offer_id: 15, aff_id: 7, goal_id: 3 };
  const money = { currency: 'USD', payout: '-12.50', revenue: '0', note: 'why' };
  return eventOf(operatorLine(seq, atMs + seq, { type: 'adjustment', fields: { ...whole, ...money, ...fields } }));
}

function merged(minute: Partial<MinuteSales>) {
  const { rows, forwarded } = mergeSales({ startMs, own: [], received: [], firsts: [], ...minute });
  return { counters: rows.map(({ counters }) => counters), rows, forwarded: [...forwarded] };
}

const first = (id: string, of = key) => [new Map([[of, id]])];

describe('events of one key compete', () => {
  test.each<[string, EventFields, boolean]>([
    ['an approved report', {}, true],
    ['a pending one', { status: 'pending', pending_for: 'approval' }, true],
    ['a proven rejection', rejection, true],
    ['a rejection without proof', { ...rejection, sender: 'unproven' }, false],
    ['a rejection of rules 1', { ...rejection, rules: 1 }, false],
    ['a refused report', { status: 'rejected', reason: 'ip-not-allowed' }, false],
    ['a test', { test: true }, false],
    ['a report without a key', { conversion_key: 'x' }, false],
  ])('%s: %s', (_, fields, competes) => {
    expect(competingKey(report(1, fields)) !== undefined).toBe(competes);
  });

  test('a decision does not, and adjustments do by their reference', () => {
    expect(competingKey(decision(1, report(1), 'approve'))).toBeUndefined();
    expect(competingKey(adjustment(1))).toBe(competingKey(adjustment(2, { payout: '3' })));
    expect(competingKey(adjustment(1))).not.toBe(competingKey(adjustment(1, { reference: 'r-2' })));
  });

  test.each([{ day_at: 8.64e15 }, { day_at: -1 }, { payout: '1e5' }])('an adjustment with %j is none', (fields) => {
    expect(salesPartOf({ ...adjustment(1), ...fields } as LoggedEvent)).toBeUndefined();
  });
});

describe('a conversion', () => {
  const [early, late] = [report(1), report(2)];

  test('counts by its first report, and its later reports count as duplicates, each event once', () => {
    for (const own of [
      [early, late, early],
      [late, early],
    ]) {
      expect(merged({ own }).counters).toEqual([{ approved: 1n, duplicates: 1n, payout_micros: 1_500_000n }]);
    }
  });

  test.each<[string, EventFields, LoggedEvent[], object]>([
    ['approved', {}, [], { approved: 1n, payout_micros: 1_500_000n }],
    [
      'pending',
      { status: 'pending', pending_for: 'approval' },
      [],
      { pending: 1n, 'pending_for:approval': 1n, pending_payout_micros: 1_500_000n },
    ],
    [
      'rejected',
      rejection,
      [],
      { rejected: 1n, 'reason:rejected-by-advertiser': 1n, rejected_payout_micros: 1_500_000n },
    ],
    [
      'reversed',
      {},
      [decision(5, early, 'reject')],
      { reversed: 1n, 'reason:rejected-by-operator': 1n, reversed_payout_micros: 1_500_000n },
    ],
    [
      'in conflict',
      {},
      [report(6, { ...rejection, sender: 'unproven' })],
      { approved: 1n, conflicts: 1n, payout_micros: 1_500_000n },
    ],
  ])('that is %s counts with its money', (_, fields, received, counters) => {
    expect(merged({ own: [report(1, fields)], received }).counters).toEqual([counters]);
  });

  test('counts in the currency of its terms when its first report has none', () => {
    const unclear = { currency: 'EUR', status: 'pending', pending_for: 'payout-unclear' };
    const { rows } = merged({ own: [report(1, unclear)], received: [report(2)] });
    expect(rows.map(({ key: { currency } }) => currency)).toEqual(['USD']);
  });

  test('whose first report is elsewhere counts there: all events of the key go to that minute', () => {
    const before = report(0, {}, startMs - 3 * hourMs);
    const received = [decision(9, early, 'approve')];
    const { counters, forwarded } = merged({ own: [early, late], received, firsts: first(before.id) });
    expect(counters).toEqual([{ duplicates: 2n }]);
    expect(forwarded).toEqual([[startMs - 3 * hourMs, { later: [early, late, ...received], firsts: new Map() }]]);
  });

  test('is the same when the minute is told of its own first report, or of a later one', () => {
    for (const { id } of [early, late, report(3)]) {
      expect(merged({ own: [early, late], firsts: first(id) })).toEqual(merged({ own: [early, late] }));
    }
    expect(merged({ own: [early], firsts: first(waitingMark(report(0).id)) })).toEqual(merged({ own: [early] }));
  });

  test('does not count twice while its first report is not in its minute yet', () => {
    expect(merged({ own: [late], firsts: first(early.id) })).toMatchObject({
      counters: [{ duplicates: 1n }],
      forwarded: [],
    });
  });

  test('counts one of differing lines of one id, the same one in any order', () => {
    const other = { ...early, payout: '9' };
    expect(merged({ own: [early, other] })).toEqual(merged({ own: [other, early] }));
  });
});

describe('events without a report that can be first', () => {
  const seen = report(1, {}, startMs - 2 * minuteMs);

  test('wait at the report that an operator saw, if they are decisions', () => {
    const decided = decision(3, seen, 'approve');
    const seenMs = startMs - 2 * minuteMs;
    const others = [report(4, { ...rejection, sender: 'unproven' })];
    expect(merged({ own: [decided, ...others] })).toMatchObject({
      counters: [],
      forwarded: [[seenMs, { later: [decided] }]],
    });
    expect(merged({ startMs: seenMs, received: [decided] })).toMatchObject({ counters: [], forwarded: [] });
  });

  test('do not count with a later report, which is another conversion when the index has forgotten the first one', () => {
    const forgotten = report(0, {}, startMs - 24 * hourMs);
    expect(merged({ own: [report(5)], received: [decision(6, forgotten, 'reject')] })).toMatchObject({
      counters: [{ approved: 1n }],
      forwarded: [[startMs - 24 * hourMs, { later: [decision(6, forgotten, 'reject')] }]],
    });
  });

  test('wait at the first rejection without proof when nobody saw a report', () => {
    const unproven = report(4, { ...rejection, sender: 'unproven' });
    expect(merged({ own: [unproven] })).toMatchObject({ counters: [], forwarded: [] });
    const before = waitingMark(seen.id);
    expect(merged({ own: [unproven], firsts: first(before) }).forwarded).toEqual([
      [startMs - 2 * minuteMs, { later: [unproven], firsts: new Map() }],
    ]);
  });
});

describe('an adjustment', () => {
  const own = adjustment(1);
  const ofKey = competingKey(own) ?? '';
  const dayMs = startMs - hourMs;

  test('counts in the first minute of its day, with its sign', () => {
    expect(merged({ own: [own] })).toMatchObject({ counters: [], forwarded: [[dayMs, { later: [own] }]] });
    const { rows } = merged({ startMs: dayMs, received: [own] });
    expect(rows).toEqual([
      {
        key: {
          hour: '2026-11-23T04',
          quarter: 0,
          offerId: 15,
          affiliateId: 7,
          goalId: 3,
          region: 'operator',
          currency: 'USD',
        },
        counters: { adjustments: 1n, adjusted_payout_micros: -12_500_000n },
      },
    ]);
  });

  test('counts at once when it is made in that minute', () => {
    const today = adjustment(1, { day_at: startMs });
    expect(merged({ own: [today, adjustment(2, { day_at: startMs })] }).counters).toEqual([
      { adjustments: 1n, duplicates: 1n, adjusted_payout_micros: -12_500_000n },
    ]);
  });

  test('with a reference that was used before counts as a duplicate, and its day is told of the first one', () => {
    const again = adjustment(2, { day_at: dayMs - 24 * hourMs });
    expect(merged({ own: [own, again] })).toMatchObject({
      counters: [{ duplicates: 1n }],
      forwarded: [
        [dayMs, { later: [own] }],
        [dayMs - 24 * hourMs, { later: [], firsts: new Map([[ofKey, own.id]]) }],
      ],
    });
  });

  test('counts no more in its day when an earlier one has its reference, and one of several counts', () => {
    const before = adjustment(0, {}, startMs - 5 * minuteMs);
    expect(merged({ startMs: dayMs, received: [own], firsts: first(before.id, ofKey) }).counters).toEqual([]);
    expect(merged({ startMs: dayMs, received: [own, before] }).counters).toEqual([
      { adjustments: 1n, adjusted_payout_micros: -12_500_000n },
    ]);
  });
});
