import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventFields, LoggedEvent } from '../../../core/event/event.ts';
import { RowSum } from '../../../core/figures/row-sum.ts';
import { hourMs, minuteMs } from '../../../core/log/log-key.ts';
import { conversionRows, type LabelledEvent } from '../../../operator/log-database/log-rows.ts';
import { eventOf } from '../../core/figures/fold-lines.ts';
import { operatorKeys, operatorLine } from '../../operator-lines.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';

/** Conversions that reports of several clicks can be: each report has the sub ids of its own click. */

const span = { fromMs: sampleMs, toMs: sampleMs + hourMs };
const key = 'a'.repeat(32);

function report(seq: number, atMs: number, fields: EventFields = {}): LoggedEvent {
  return eventOf(
    sampleLine(seq, atMs, {
      ...{ type: 'conversion', conversion_key: key, status: 'approved', sender: 'proven', rules: 2, aff_id: 7 },
      ...{ currency: 'USD', payout_type: 'cpa_flat', payout: '2.50', revenue_type: 'cpa_flat', revenue: '4' },
      ...fields,
    }),
  );
}

function decision(seq: number, atMs: number, verdict: 'approve' | 'reject', of: string, isSigned = true): LoggedEvent {
  const fields = { conversion_key: key, conversion_id: of, verdict } as const;
  return eventOf(operatorLine(seq, atMs, { type: 'decision', fields }, isSigned));
}

function labelled(event: LoggedEvent, source: string): LabelledEvent {
  return { event, labels: { source } };
}

/** By source: the affiliate and the counters of each row. */
function bySource(events: readonly LabelledEvent[]) {
  const sums = new Map<string, RowSum>();
  for (const row of conversionRows(events, span, operatorKeys)) {
    const sum = sums.get(row.labels['source'] ?? '') ?? new RowSum();
    sums.set(row.labels['source'] ?? '', sum);
    sum.add([row]);
  }
  return Object.fromEntries([...sums].sort().map(([source, sum]) => [source, sum.rows()]));
}

function countersBySource(events: readonly LabelledEvent[]) {
  const sources = Object.entries(bySource(events));
  return Object.fromEntries(
    sources.map(([source, rows]) => [
      source,
      rows.map(({ key: { affiliateId }, counters }) => [affiliateId, counters]),
    ]),
  );
}

test('reports of several clicks: the first report’s sub ids have the money, and a duplicate has its own click’s', () => {
  const first = labelled(report(1, sampleMs), 'news');
  const second = labelled(report(2, sampleMs + 1_000, { aff_id: 8 }), 'banner');
  const third = labelled(report(3, sampleMs + 2 * minuteMs, { aff_id: 9 }), 'mail');
  const decided = labelled(decision(4, sampleMs + 3 * minuteMs, 'reject', first.event.id), '(click not read)');
  const expected = {
    banner: [[8, { duplicates: 1n }]],
    mail: [[9, { duplicates: 1n }]],
    news: [
      [7, expect.objectContaining({ reversed: 1n, reversed_payout_micros: 2_500_000n })],
      [0, { decisions: 1n }],
    ],
  };
  const events = [first, second, third, decided];
  const inAnyOrder = [events, events.toReversed(), [second, decided, first, third]];
  for (const ordered of inAnyOrder) {
    const found = countersBySource(ordered);
    expect({ ...found, news: found['news']?.toReversed() }).toEqual(expected);
  }
});

test('a first report before the range keeps the money out of it, and its sub ids have the decision', () => {
  const events = [
    labelled(report(1, sampleMs - hourMs), 'news'),
    labelled(report(2, sampleMs), 'banner'),
    labelled(decision(3, sampleMs + 1, 'reject', report(1, sampleMs - hourMs).id), '(click not read)'),
  ];
  expect(countersBySource(events)).toEqual({
    banner: [[7, { duplicates: 1n }]],
    news: [[0, { decisions: 1n }]],
  });
});

/** Few keys, minutes and sub ids, so that they meet. `seq` alone makes ids differ. */
const anyEvent = fc.record({
  atMs: fc.constantFrom(-hourMs, 0, 1, 2 * minuteMs, 20 * minuteMs).map((ms) => sampleMs + ms),
  source: fc.constantFrom('news', 'banner', 'mail'),
  aff_id: fc.constantFrom(7, 8),
  digit: fc.constantFrom('a', 'b'),
  status: fc.constantFrom('approved', 'pending', 'rejected'),
  sender: fc.constantFrom('proven', 'unproven'),
  verdict: fc.constantFrom(undefined, undefined, undefined, 'approve' as const, 'reject' as const),
  isSigned: fc.boolean(),
});
const anyEvents = fc.array(anyEvent, { maxLength: 12 }).map((all) =>
  all.map(({ atMs, source, digit, verdict, isSigned, ...fields }, seq) => {
    if (verdict !== undefined) return labelled(decision(seq, atMs, verdict, report(0, sampleMs).id, isSigned), source);
    const reason = fields.status === 'rejected' ? { reason: 'rejected-by-advertiser' } : {};
    return labelled(report(seq, atMs, { ...fields, ...reason, conversion_key: digit.repeat(32) }), source);
  }),
);

test('no order of rows changes what any sub id has', () => {
  fc.assert(
    fc.property(
      anyEvents.chain((events) =>
        fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
      ),
      ([events, shuffled]) => {
        expect(bySource(shuffled)).toEqual(bySource(events));
      },
    ),
  );
});

test('all sub ids together are what the conversions are without sub ids', () => {
  fc.assert(
    fc.property(anyEvents, (events) => {
      const [all, plain] = [new RowSum(), new RowSum()];
      all.add(conversionRows(events, span, operatorKeys));
      plain.add(
        conversionRows(
          events.map(({ event }) => labelled(event, 'one')),
          span,
          operatorKeys,
        ),
      );
      expect(all.rows()).toEqual(plain.rows());
    }),
  );
});
