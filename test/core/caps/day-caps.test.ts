import { describe, expect, test } from 'vitest';
import type { CappedClicks, CappedSale } from '../../../core/caps/capped.ts';
import { dayCaps, dayCapsObject, readDayCaps } from '../../../core/caps/day-caps.ts';
import { quarterOf } from '../../../core/figures/classify.ts';
import type { Counters, FiguresRow } from '../../../core/figures/row.ts';
import { RowSum } from '../../../core/figures/row-sum.ts';
import { minuteMs, minuteStart } from '../../../core/log/log-key.ts';
import { idOf, sampleLine, sampleMs } from '../../sample-lines.ts';

const owner = { offerId: 3, affiliateId: 7, goalId: 0, region: 'us-east-1', currency: 'USD' };
const noDays = { monthly: [], lifetime: [] };

/** Worth 2 and 5 USD. */
function sale(seq: number, caps: string, changes: Partial<CappedSale> = {}): CappedSale {
  const id = idOf(sampleLine(seq, sampleMs + seq * minuteMs));
  return {
    ...{ kind: 'sale', id, key: { ...owner, ...quarterOf(id) }, status: 'approved', overCap: 'reject' },
    ...{ payoutMicros: 2_000_000n, revenueMicros: 5_000_000n, isPaidOverCap: false },
    caps: { text: caps, countsGoals: false },
    ...changes,
  };
}

function clicks(minute: number, count: bigint, caps: string): CappedClicks {
  const startMs = minuteStart(sampleMs + minute * minuteMs);
  const key = { ...owner, ...quarterOf(idOf(sampleLine(0, startMs))) };
  const worth = { payoutMicros: 100_000n, revenueMicros: 300_000n };
  return { kind: 'clicks', minuteMs: startMs, count, key, ...worth, caps: { text: caps, countsGoals: false } };
}

/** Rows of hours as they are before caps: what is stamped, and these. */
function rowsOf(capped: readonly (CappedSale | CappedClicks)[], ...others: readonly FiguresRow[]) {
  const sum = new RowSum();
  sum.add(others);
  for (const one of capped) {
    const count = one.kind === 'sale' ? 1n : one.count;
    const money = { payout_micros: count * one.payoutMicros, revenue_micros: count * one.revenueMicros };
    const counters = one.kind === 'sale' ? { [one.status]: 1n, ...money } : { clicks: count, ...money };
    sum.add([{ key: one.key, counters: counters as Counters }]);
  }
  return sum.rows();
}

function overOf(capped: readonly (CappedSale | CappedClicks)[], changes: Partial<Parameters<typeof dayCaps>[0]> = {}) {
  const { over } = dayCaps({ capped, rows: rowsOf(capped), earlier: noDays, ...changes });
  return over.map(({ id, caps }) =>
    [capped.findIndex((one) => one.kind === 'sale' && one.id === id), ...caps].join(' '),
  );
}

function hoursBefore(hours: number, counters: Record<string, bigint>): FiguresRow {
  const quarter = quarterOf(idOf(sampleLine(0, sampleMs - hours * 3_600_000)));
  return { key: { ...owner, ...quarter }, counters: counters as Counters };
}

describe('the conversions of a day', () => {
  test('that are over the cap of an affiliate take no room of the offer', () => {
    const both = 'conversion_cap=2 affiliate:conversion_cap=1';
    const other = { key: { ...sale(3, '').key, affiliateId: 8 } };
    expect(overOf([sale(1, both), sale(2, both), sale(3, 'conversion_cap=2', other)])).toEqual([
      '1 3/7/conversion_cap',
    ]);
  });

  test('take room of money by what they are worth, in one currency alone', () => {
    const cap = 'payout_cap=5';
    const euro = { key: { ...sale(3, cap).key, currency: 'EUR' } };
    expect(overOf([sale(1, cap), sale(2, cap), sale(3, cap, euro), sale(4, cap)])).toEqual(['3 3/0/payout_cap']);
  });

  test('begin a longer cap with what earlier days of its period took', () => {
    const earlier = {
      monthly: [hoursBefore(48, { approved: 5n, pending: 2n, over_cap_paid: 1n, over_cap: 9n })],
      lifetime: [hoursBefore(48, { approved: 90n })],
    };
    const [monthly, lifetime] = ['monthly_conversion_cap=7', 'lifetime_conversion_cap=90'];
    expect(overOf([sale(1, monthly), sale(2, monthly)], { earlier })).toEqual(['1 3/0/monthly_conversion_cap']);
    expect(overOf([sale(1, lifetime)], { earlier })).toEqual(['0 3/0/lifetime_conversion_cap']);
  });

  test('find taken what the day had before an operator set the cap, and nothing of what comes after', () => {
    const capped = [sale(1, 'conversion_cap=3'), sale(2, 'conversion_cap=3')];
    const rows = rowsOf(capped, hoursBefore(1, { approved: 2n }), hoursBefore(-1, { approved: 7n }));
    expect(overOf(capped, { rows })).toEqual(['1 3/0/conversion_cap']);
  });

  test('of other goals take room where all goals count, and none where the default goal alone counts', () => {
    const goal = { ...hoursBefore(1, { approved: 2n }), key: { ...hoursBefore(1, {}).key, goalId: 4 } };
    const of = (countsGoals: boolean) => [sale(1, '', { caps: { text: 'conversion_cap=2', countsGoals } })];
    expect(overOf(of(false), { rows: rowsOf(of(false), goal) })).toEqual([]);
    expect(overOf(of(true), { rows: rowsOf(of(true), goal) })).toEqual(['0 3/0/conversion_cap']);
  });

  test('that an operator pays over a cap take no place, and are listed apart', () => {
    const cap = 'conversion_cap=1';
    const capped = [sale(1, cap, { isPaidOverCap: true }), sale(2, cap)];
    const { rows, over } = dayCaps({ capped, rows: rowsOf(capped), earlier: noDays });
    expect(over).toEqual([]);
    const paid = {
      over_cap_paid: 1n,
      over_cap_paid_payout_micros: 2_000_000n,
      over_cap_paid_revenue_micros: 5_000_000n,
    };
    expect(rows.map(({ counters }) => counters)).toEqual([paid]);
  });

  test('wait where the offer says so, and leave the wait that they were in', () => {
    const cap = 'conversion_cap=1';
    const waiting = { status: 'pending', pendingFor: 'approval', overCap: 'pending' } as const;
    const capped = [sale(1, cap), sale(2, cap, waiting)];
    const caps = dayCaps({ capped, rows: rowsOf(capped), earlier: noDays });
    expect(caps.rows[0]?.counters).toEqual({
      ...{ pending: -1n, 'pending_for:approval': -1n, 'pending_for:over-cap': 1n, over_cap: 1n },
      ...{ pending_payout_micros: -2_000_000n, pending_revenue_micros: -5_000_000n },
      ...{ over_cap_payout_micros: 2_000_000n, over_cap_revenue_micros: 5_000_000n },
    });
    expect(readDayCaps(dayCapsObject(caps).gzip)).toEqual(caps);
  });

  test('that got their place after the closing of the period come after all that had one then', () => {
    const cap = 'conversion_cap=1';
    const [closedById, placedById] = [idOf(sampleLine(1, sampleMs + 1e9)), idOf(sampleLine(2, sampleMs + 2e9))];
    const capped = [sale(1, cap, { placedById }), sale(2, cap)];
    expect(overOf(capped)).toEqual(['1 3/0/conversion_cap']);
    expect(overOf(capped, { closedById })).toEqual(['0 3/0/conversion_cap']);
  });
});

describe('the clicks of a day', () => {
  test('are paid as far as there is room, minute by minute, and stay clicks', () => {
    const cap = 'payout_cap=0.75';
    const capped = [clicks(2, 4n, cap), clicks(1, 5n, cap)];
    const { rows } = dayCaps({ capped, rows: rowsOf(capped), earlier: noDays });
    expect(rows.map(({ counters }) => counters)).toEqual([
      { over_cap_clicks: 2n, payout_micros: -200_000n, revenue_micros: -600_000n },
    ]);
  });

  test('share the room of money with conversions, which come first in a minute', () => {
    const cap = 'payout_cap=2';
    expect(overOf([clicks(1, 5n, cap), sale(1, cap)])).toEqual([]);
    expect(overOf([clicks(0, 5n, cap), sale(1, cap)])).toEqual(['1 3/0/payout_cap']);
  });
});
