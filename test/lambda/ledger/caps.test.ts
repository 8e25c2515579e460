import { describe, expect, test } from 'vitest';
import { readDayCaps } from '../../../core/caps/day-caps.ts';
import type { OperatorDraft } from '../../../core/conversions/operator-events.ts';
import type { EventFields } from '../../../core/event/event.ts';
import { parseDayState } from '../../../core/ledger/day-state.ts';
import { dayCapsKey, dayStateKey } from '../../../core/ledger/object-keys.ts';
import { hourMs, hourName, minuteMs } from '../../../core/log/log-key.ts';
import { closedPeriodsKey, encodeClosedPeriods } from '../../../core/periods/closed-periods.ts';
import type { RegionName, SimulatedWorld } from '../../../simulation/world.ts';
import { eventOf } from '../../core/figures/fold-lines.ts';
import { operatorLine } from '../../operator-lines.ts';
import { idOf, sampleLine } from '../../sample-lines.ts';
import { stateOf } from '../figures-view.ts';
import { home, peer, worldWith } from '../world-view.ts';
import { publishKeys } from './any-history.ts';
import { early, later, pass, put, run } from './ledger-view.ts';

const day = '2026-11-23';

function keyOf(seq: number): string {
  return String(seq).padStart(32, '0');
}

/** A conversion of its own key, worth 2 and 5 USD. */
function sale(seq: number, atMs: number, fields: EventFields = {}): string {
  return sampleLine(seq, atMs, {
    ...{ type: 'conversion', conversion_key: keyOf(seq), status: 'approved', rules: 2, sender: 'proven', aff_id: 7 },
    ...{ currency: 'USD', payout_type: 'cpa_flat', payout: '2', revenue_type: 'cpa_flat', revenue: '5' },
    ...{ caps: 'conversion_cap=2' },
    ...fields,
  });
}

function capsOf(world: SimulatedWorld, region: RegionName = home, of = day) {
  const { bucket } = world.regions[region];
  const state = bucket.get(dayStateKey(of));
  const object = state.kind === 'ok' ? parseDayState(state.value.body)?.caps?.object : undefined;
  const caps = bucket.get(dayCapsKey(of, object ?? ''));
  return caps.kind === 'ok' ? readDayCaps(caps.value.body) : undefined;
}

function overIds(world: SimulatedWorld, region: RegionName = home, of = day): readonly string[] {
  return capsOf(world, region, of)?.over.map(({ id }) => id) ?? [];
}

describe('a hard cap on conversions of a day', () => {
  const sales = [sale(1, early), sale(2, early + minuteMs), sale(3, later), sale(4, later + 1)];
  const [, , third = '', fourth = ''] = sales;

  test('is exact: what comes after it is over the cap, in the order of the events', async () => {
    const world = worldWith();
    put(world, home, [...sales].reverse());
    await run(world, home);
    expect(capsOf(world)?.over).toEqual(
      [third, fourth].map((line) => ({ id: idOf(line), caps: ['15/0/conversion_cap'], becomes: 'rejected' })),
    );
    expect(capsOf(world)?.rows).toMatchObject([
      {
        key: { hour: hourName(later), offerId: 15, affiliateId: 7 },
        counters: {
          approved: -2n,
          payout_micros: -4_000_000n,
          revenue_micros: -10_000_000n,
          over_cap: 2n,
          over_cap_payout_micros: 4_000_000n,
          over_cap_revenue_micros: 10_000_000n,
          'reason:over-cap': 2n,
        },
      },
    ]);
  });

  test('comes out the same in both regions, when a segment is late in one of them', async () => {
    const world = worldWith();
    put(world, home, sales);
    put(world, peer, sales.slice(1));
    for (const region of [home, peer] as const) await run(world, region);
    expect(overIds(world, peer)).toEqual([idOf(fourth)]);
    put(world, peer, sales.slice(0, 1));
    await run(world, peer);
    expect(capsOf(world, peer)).toEqual(capsOf(world));
  });

  test('lets the next one in when a conversion is rejected, and keeps the place of a pending one', async () => {
    const world = worldWith();
    publishKeys(world);
    const pending = sale(1, early, { status: 'pending', pending_for: 'approval' });
    put(world, home, [pending, ...sales.slice(1)]);
    await run(world, home);
    expect(overIds(world)).toEqual([idOf(third), idOf(fourth)]);
    const fields = { conversion_key: keyOf(1), conversion_id: idOf(pending), verdict: 'reject' } as const;
    put(world, home, [operatorLine(9, world.time.nowMs(), { type: 'decision', fields })]);
    await pass(world, hourMs);
    await run(world, home);
    expect(overIds(world)).toEqual([idOf(fourth)]);
  });

  test('pays what an operator approves over the cap, and gives its place to nobody', async () => {
    const world = worldWith();
    publishKeys(world);
    put(world, home, sales);
    await run(world, home);
    const fields = {
      conversion_key: keyOf(3),
      conversion_id: idOf(third),
      verdict: 'approve',
      over_cap: true,
    } as const;
    put(world, home, [operatorLine(9, world.time.nowMs(), { type: 'decision', fields })]);
    await pass(world, hourMs);
    await run(world, home);
    expect(overIds(world)).toEqual([idOf(fourth)]);
    expect(capsOf(world)?.rows.map(({ counters }) => counters)).toMatchObject([{ over_cap: 1n, over_cap_paid: 1n }]);
  });

  test('of a closed period gives a place to a late approval only after all that had one at the closing', async () => {
    const world = worldWith();
    publishKeys(world);
    const fields = { conversion_key: keyOf(1), conversion_id: idOf(sales[0] ?? ''), verdict: 'reject' } as const;
    const rejection = operatorLine(8, world.time.nowMs(), { type: 'decision', fields });
    put(world, home, [...sales.slice(0, 3), rejection]);
    await pass(world, hourMs);
    await run(world, home);
    expect(overIds(world)).toEqual([]);
    const period = { type: 'period', fields: { from: day, to: day } } as const;
    const event = eventOf(operatorLine(10, world.time.nowMs(), period as unknown as OperatorDraft));
    const closed = { from: day, to: day, timeZone: 'UTC', statement: '', closedAtMs: world.time.nowMs(), event };
    world.regions[home].bucket.put(closedPeriodsKey, encodeClosedPeriods([closed]));
    const approval = { ...fields, verdict: 'approve' } as const;
    put(world, home, [operatorLine(9, world.time.nowMs() + 1, { type: 'decision', fields: approval })]);
    await pass(world, hourMs);
    await run(world, home);
    expect(overIds(world)).toEqual([idOf(sales[0] ?? '')]);
  });

  test('counts clicks with caps, and takes the money of those without room out of the day', async () => {
    const world = worldWith();
    const paid = { aff_id: 7, rules: 2, currency: 'USD', payout_type: 'cpc', payout: '0.1', caps: 'click_cap=2' };
    put(
      world,
      home,
      [1, 2, 3].map((seq) => sampleLine(seq, early + seq, paid)),
    );
    await run(world, home);
    expect(stateOf(world, early)?.totals).toMatchObject({ clicks: 3n, payout_micros: 300_000n });
    expect(capsOf(world)?.rows.map(({ counters }) => counters)).toEqual([
      { over_cap_clicks: 1n, payout_micros: -100_000n },
    ]);
  });

  test('costs a day without caps no object', async () => {
    const world = worldWith();
    put(world, home, [sale(1, early, { caps: null })]);
    await run(world, home);
    expect(capsOf(world)).toBeUndefined();
    expect(world.regions[home].bucket.keys('ledger/').filter((key) => /cap/.test(key))).toEqual([]);
  });
});

describe('a hard cap on conversions of a month', () => {
  const [first, second] = ['2026-11-22', '2026-11-23'];
  const [firstMs, secondMs] = [Date.parse(`${first}T12:00Z`), Date.parse(`${second}T12:00Z`)];
  const monthly = { caps: 'monthly_conversion_cap=2' };
  const [a, b, c] = [sale(1, firstMs, monthly), sale(2, secondMs, monthly), sale(3, secondMs + minuteMs, monthly)];

  function makeFinal(world: SimulatedWorld, days: readonly string[]) {
    const hours = days.flatMap((one) =>
      Array.from({ length: 24 }, (_, hour) => Date.parse(`${one}T00:00Z`) + hour * hourMs),
    );
    return run(world, home, { task: 'hours', hours: hours.map(hourName), cause: 'drill' });
  }

  test('begins with what earlier days took, and follows when an earlier day changes', async () => {
    const world = worldWith();
    await pass(world, 24 * hourMs);
    put(world, home, [a, b, c]);
    await makeFinal(world, [first, second]);
    expect(overIds(world, home, second)).toEqual([idOf(c)]);
    put(world, home, [sale(4, firstMs + minuteMs, monthly)]);
    await makeFinal(world, [first]);
    expect(overIds(world, home, second)).toEqual([b, c].map(idOf));
    expect(capsOf(world, home, first)?.over).toEqual([]);
  });

  test('begins with the first day of a deployment too, which has hours without figures', async () => {
    const world = worldWith();
    await pass(world, 24 * hourMs);
    put(world, home, [a, b, c]);
    const afternoon = Array.from({ length: 12 }, (_, hour) => hourName(firstMs + hour * hourMs));
    await run(world, home, { task: 'hours', hours: afternoon, cause: 'drill' });
    await makeFinal(world, [second]);
    expect(overIds(world, home, second)).toEqual([idOf(c)]);
  });

  test('comes out the same when the later day was counted before the earlier one', async () => {
    const world = worldWith();
    await pass(world, 24 * hourMs);
    put(world, home, [a, b, c]);
    await makeFinal(world, [second]);
    expect(overIds(world, home, second)).toEqual([]);
    await makeFinal(world, [first]);
    expect(overIds(world, home, second)).toEqual([idOf(c)]);
  });

  test('adds up a month that is over, so that a lifetime cap needs no figures of its days', async () => {
    const world = worldWith();
    await pass(world, 30 * 24 * hourMs);
    const lifetime = { caps: 'lifetime_conversion_cap=2' };
    const december = Date.parse('2026-12-01T12:00Z');
    const [d, e] = [sale(5, december, lifetime), sale(6, december + minuteMs, lifetime)];
    put(world, home, [a, d, e]);
    await makeFinal(world, [first]);
    const { bucket } = world.regions[home];
    expect(bucket.keys('sums/months/2026-11-')).toHaveLength(1);
    for (const key of bucket.keys('sums/days/')) bucket.delete(key);
    await makeFinal(world, ['2026-12-01']);
    expect(overIds(world, home, '2026-12-01')).toEqual([idOf(e)]);
  });
});
