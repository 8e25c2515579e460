import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventFields } from '../../../core/event/event.ts';
import { encodeClicks, readClicks } from '../../../core/figures/clicks-object.ts';
import { mergeSales } from '../../../core/figures/merge-sales.ts';
import { encodeSales, readSales } from '../../../core/figures/sales-object.ts';
import { hourStart, minuteStart } from '../../../core/log/log-key.ts';
import { operatorLine } from '../../operator-lines.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { eventOf, groupBlocks, mergedMinutes } from './fold-lines.ts';

const paid = { aff_id: 7, rules: 2, currency: 'USD', payout_type: 'cpc', payout: '0.1' };
const caps = 'click_cap=2 affiliate:monthly_payout_cap=12.5';

function click(seq: number, fields: EventFields = {}): string {
  return sampleLine(seq, sampleMs + seq, { ...paid, caps, ...fields });
}

describe('clicks with caps', () => {
  const lines = [click(1), click(2), click(3, { caps: 'click_cap=3' }), click(4, { caps_count_goals: true })];
  const plain = [click(5, { caps: null }), click(6, { caps: 'click_cap=x' }), click(7, { reason: 'offer-paused' })];

  function cappedIn(segments: readonly (readonly string[])[]) {
    const [minute] = mergedMinutes(groupBlocks(hourStart(sampleMs), segments));
    return minute && readClicks(encodeClicks(minute))?.capped;
  }

  test('are counted by what they have in common, and no others are', () => {
    const found = cappedIn([[...lines, ...plain]])?.map(({ count, caps: { text, countsGoals } }) => [
      count,
      text,
      countsGoals,
    ]);
    expect(found).toHaveLength(3);
    expect(found).toEqual(
      expect.arrayContaining([
        [2n, caps, false],
        [1n, 'click_cap=3', false],
        [1n, caps, true],
      ]),
    );
  });

  test('come out the same from shuffled and repeated segments', () => {
    const anySegments = fc
      .shuffledSubarray(lines, { minLength: lines.length })
      .chain((all) => fc.tuple(fc.constant(all), fc.subarray(all)).map(([one, other]) => [one, other]));
    fc.assert(
      fc.property(anySegments, (segments) => {
        expect(cappedIn(segments)).toEqual(cappedIn([lines]));
      }),
    );
  });
});

describe('a conversion with caps', () => {
  const key = 'c'.repeat(32);
  const terms = { payout_type: 'cpa_flat', payout: '1.50', currency: 'USD', aff_id: 7, caps: 'conversion_cap=2' };

  function report(seq: number, fields: EventFields = {}) {
    const own = { type: 'conversion', conversion_key: key, status: 'approved', rules: 2, sender: 'proven' };
    return eventOf(sampleLine(seq, sampleMs + seq, { ...own, ...terms, ...fields }));
  }

  function decided(seq: number, verdict: 'approve' | 'reject', overCap?: true) {
    const fields = { conversion_key: key, conversion_id: report(1).id, verdict, ...(overCap && { over_cap: overCap }) };
    return eventOf(operatorLine(seq, sampleMs + seq, { type: 'decision', fields }));
  }

  function cappedOf(...own: readonly ReturnType<typeof report>[]) {
    const startMs = minuteStart(sampleMs);
    const sales = mergeSales({ startMs, own, received: [], firsts: [] });
    expect(readSales(encodeSales(sales))).toEqual({ rows: sales.rows, capped: sales.capped });
    return sales.capped;
  }

  test('obeys the caps of its first report, whatever later ones say', () => {
    const again = report(2, { caps: 'conversion_cap=9' });
    expect(cappedOf(again, report(1), again)).toMatchObject([{ id: report(1).id, caps: { text: 'conversion_cap=2' } }]);
    expect(cappedOf(again, report(1, { caps: null }))).toEqual([]);
  });

  test('takes room while it is approved or pending, and none once it is rejected', () => {
    const waiting = report(1, { status: 'pending', pending_for: 'approval', over_cap: 'pending' });
    expect(cappedOf(waiting)).toMatchObject([{ status: 'pending', pendingFor: 'approval', overCap: 'pending' }]);
    expect(cappedOf(report(1), decided(5, 'reject'))).toEqual([]);
  });

  test('says which decision gave it its place back, and whether it is paid over a cap', () => {
    const [rejected, approved] = [decided(5, 'reject'), decided(6, 'approve', true)];
    expect(cappedOf(report(1), rejected, approved)).toMatchObject([{ placedById: approved.id, isPaidOverCap: true }]);
    const [again] = cappedOf(report(1), approved, decided(7, 'reject'), decided(8, 'approve'));
    expect(again).toMatchObject({ placedById: decided(8, 'approve').id, isPaidOverCap: false });
  });
});
