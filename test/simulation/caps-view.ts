import { type CapCount, capCountsKey, parseCapCounts } from '../../core/caps/cap-counts.ts';
import { type DayCaps, readDayCaps } from '../../core/caps/day-caps.ts';
import { dayIn } from '../../core/config/time-zone.ts';
import type { Counters, FiguresRow } from '../../core/figures/row.ts';
import { parseDayState } from '../../core/ledger/day-state.ts';
import { isFinal, quarterMs } from '../../core/ledger/hour-state.ts';
import { dayCapsKey, dayStateKey } from '../../core/ledger/object-keys.ts';
import { parseHourName } from '../../core/log/log-key.ts';
import type { RegionName, SimulatedWorld } from '../../simulation/world.ts';
import { rowsOf, statesOf } from '../lambda/figures-view.ts';
import type { Judged } from './caps-oracle.ts';

/** What a region says is payable, and what the oracle says, in the same form. */

/** What hard caps changed in a day, as a region's ledger counted it. */
function dayCapsIn(world: SimulatedWorld, region: RegionName, day: string): DayCaps | undefined {
  const { bucket } = world.regions[region];
  const state = bucket.get(dayStateKey(day));
  const caps = state.kind === 'ok' ? parseDayState(state.value.body)?.caps : undefined;
  const object = bucket.get(dayCapsKey(day, caps?.object ?? ''));
  return object.kind === 'ok' ? readDayCaps(object.value.body) : undefined;
}

/** `id caps fate` of each conversion over a cap. */
export function overIn(world: SimulatedWorld, region: RegionName, days: readonly string[]): readonly string[] {
  const over = days.flatMap((day) => dayCapsIn(world, region, day)?.over ?? []);
  return over.map(({ id, caps, becomes }) => `${id} ${caps.toSorted().join('+')} ${becomes}`).sort();
}

export function overOf(judged: readonly Judged[]): readonly string[] {
  const over = judged.filter(({ kind, full }) => kind === 'conversion' && full.length > 0);
  return over.map(({ id, full, becomes }) => `${id} ${full.toSorted().join('+')} ${becomes}`).sort();
}

const payableCounters = [
  ...['clicks', 'approved', 'pending', 'payout_micros', 'revenue_micros'],
  ...['pending_payout_micros', 'pending_revenue_micros', 'over_cap', 'over_cap_payout_micros', 'over_cap_clicks'],
  ...['over_cap_paid', 'over_cap_paid_payout_micros'],
] as const;
type Payable = Readonly<Record<string, string>>;

/** By day and offer: final figures, with what caps change. */
export function payableIn(world: SimulatedWorld, region: RegionName, timeZone: string): Payable {
  const dayOf = dayIn(timeZone);
  const ofHours = statesOf(world, region)
    .filter(isFinal)
    .flatMap((state) => rowsOf(world, state, region));
  const days = [...new Set(ofHours.map((row) => dayOf(startOf(row))))];
  const ofCaps = days.flatMap((day) => dayCapsIn(world, region, day)?.rows ?? []);
  const rows = [...ofHours, ...ofCaps].filter(({ key }) => key.offerId > 0);
  return sums(rows.map((row) => [`${dayOf(startOf(row))} offer ${row.key.offerId}`, row.counters]));
}

export function payableOf(judged: readonly Judged[]): Payable {
  return sums(judged.map((one) => [`${one.day} offer ${one.offerId}`, countersOf(one)]));
}

function countersOf({ kind, status, payout, revenue, full, isPaidOverCap }: Judged): Record<string, bigint> {
  const isOver = full.length > 0;
  if (kind === 'click') {
    return { clicks: 1n, ...(isOver ? { over_cap_clicks: 1n } : { payout_micros: payout, revenue_micros: revenue }) };
  }
  if (isOver) return { over_cap: 1n, over_cap_payout_micros: payout };
  const money = status === 'pending' ? 'pending_' : '';
  return {
    [status]: 1n,
    [`${money}payout_micros`]: payout,
    [`${money}revenue_micros`]: revenue,
    ...(isPaidOverCap && { over_cap_paid: 1n, over_cap_paid_payout_micros: payout }),
  };
}

function startOf({ key: { hour, quarter } }: FiguresRow): number {
  return parseHourName(hour) + quarter * quarterMs;
}

/** Only counters of money and caps that are not 0, as text. */
function sums(all: readonly (readonly [string, Counters | Readonly<Record<string, bigint>>])[]): Payable {
  const byName = new Map<string, bigint>();
  for (const [name, counters] of all) {
    for (const counter of payableCounters) {
      const place = `${name} ${counter}`;
      const added = (counters as Readonly<Record<string, bigint>>)[counter] ?? 0n;
      byName.set(place, (byName.get(place) ?? 0n) + added);
    }
  }
  const sorted = [...byName].filter(([, sum]) => sum !== 0n).sort();
  return Object.fromEntries(sorted.map(([name, sum]) => [name, `${sum}`]));
}

export function capCountsIn(world: SimulatedWorld, region: RegionName): readonly CapCount[] {
  const object = world.regions[region].bucket.get(capCountsKey(region));
  const counts = object.kind === 'ok' ? parseCapCounts(region, object.value.body) : undefined;
  return counts?.caps ?? [];
}

/** What is payable takes room of a cap, except what an operator pays over it. */
export function usedOf(cap: CapCount, judged: readonly Judged[], today: string): bigint {
  const { name, offerId, affiliateId } = cap;
  const isIn = (day: string) => {
    if (name.startsWith('lifetime_')) return true;
    return name.startsWith('monthly_') ? day.slice(0, 7) === today.slice(0, 7) : day === today;
  };
  const takers = judged.filter(
    (one) =>
      one.offerId === offerId &&
      (affiliateId === 0 || affiliateId === one.affiliateId) &&
      (one.goalId === 0 || one.countsGoals) &&
      one.full.length === 0 &&
      !one.isPaidOverCap &&
      isIn(one.day),
  );
  if (name.endsWith('payout_cap')) return takers.reduce((sum, { payout }) => sum + payout, 0n);
  if (name.endsWith('revenue_cap')) return takers.reduce((sum, { revenue }) => sum + revenue, 0n);
  return BigInt(takers.filter(({ kind }) => name.endsWith(`${kind}_cap`)).length);
}
