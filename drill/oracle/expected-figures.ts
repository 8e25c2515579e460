import { groupBy } from '../group-by.ts';
import { signedMicrosOf } from './amounts.ts';
import type { CatalogText } from './catalog-text.ts';
import type { ClassifiedEvent } from './classified-event.ts';
import { classifyEvent } from './classify-event.ts';
import { dayOf, hourOfEvent, quarterAt, quarterOfEvent } from './event-time.ts';
import type { ExpectedEvent } from './expected-event.ts';
import { canBegin, type SaleDecision, type SaleStanding, saleStanding } from './sale-standing.ts';

/** Figures in the form in which the drill compares its own count with a region's. */
export interface FiguresByRow {
  /**
   * From `quarter|offer|affiliate|goal|region|currency` to the counters of the row. A quarter of an hour is written as
   * its first minute: `2026-11-23T05:15`. Counters that are 0 are left out.
   */
  readonly rows: ReadonlyMap<string, Counts>;
  /** From `hour|offer|affiliate` to the number of different visitors who clicked. */
  readonly hourUniques: Counts;
  /** From `day|offer|affiliate` to the number of different visitors who clicked. */
  readonly dayUniques: Counts;
  /** Rows of days: what offers owe that pay each visitor of a day once. */
  readonly payable: ReadonlyMap<string, Counts>;
}

export type Counts = ReadonlyMap<string, bigint>;

/** Every event counts in exactly one of these. */
export const eventClasses = [
  'clicks',
  'rejected_clicks',
  'previews',
  'impressions',
  'rejected_impressions',
  'approved',
  'pending',
  'rejected',
  'reversed',
  'duplicates',
  'tests',
  'decisions',
  'adjustments',
  'unsigned',
] as const;

export const moneyCounters: readonly string[] = ['', 'pending_', 'rejected_', 'reversed_', 'adjusted_'].flatMap(
  (standing) => [`${standing}payout_micros`, `${standing}revenue_micros`],
);

/** The hour in the name of a row, for example `2026-11-23T05`. */
export function hourOfRow(row: string): string {
  return row.slice(0, row.indexOf(':'));
}

export function expectedFigures(events: readonly ExpectedEvent[], catalog: CatalogText): FiguresByRow {
  const all = events.map((event) => ({ event, classified: classifyEvent(event, catalog) }));
  const rows = new RowCounts();
  for (const one of all.filter(({ classified }) => isAlone(classified))) rows.add(rowOf(one), ownCounts(one));
  countSales(all, rows);
  countAdjustments(all, rows);
  return { rows: rows.byRow, payable: payableOf(all), ...uniquesOf(all) };
}

interface EventAndClass {
  readonly event: ExpectedEvent;
  readonly classified: ClassifiedEvent;
}

class RowCounts {
  readonly byRow = new Map<string, Map<string, bigint>>();

  add(key: string, counts: Readonly<Record<string, bigint>>): void {
    const row = this.byRow.get(key) ?? new Map<string, bigint>();
    this.byRow.set(key, row);
    for (const [name, count] of Object.entries(counts)) if (count !== 0n) row.set(name, (row.get(name) ?? 0n) + count);
  }
}

/** Whether the event counts by itself, whatever other events there are. */
function isAlone({ report, counter }: ClassifiedEvent): boolean {
  return report === undefined && counter !== 'adjustments';
}

function rowOf({ event: { id, region }, classified }: EventAndClass, quarter = quarterOfEvent(id)): string {
  const { offerId, affiliateId, goalId, currency } = classified;
  return [quarter, offerId, affiliateId, goalId, region, currency].join('|');
}

function ownCounts({ classified }: EventAndClass): Readonly<Record<string, bigint>> {
  const { counter, reason, isPaidByDay } = classified;
  return { [counter]: 1n, ...whyCount(counter, reason), ...(isPaidByDay ? {} : moneyCounts(classified)) };
}

function moneyCounts({ payoutMicros, revenueMicros }: ClassifiedEvent) {
  return { payout_micros: payoutMicros, revenue_micros: revenueMicros };
}

function whyCount(counter: string, why: string): Readonly<Record<string, bigint>> {
  return why === '' ? {} : { [`${counter === 'pending' ? 'pending_for' : 'reason'}:${why}`]: 1n };
}

/**
 * Each sale counts by its standing, in the row of its first report. Other reports of it are duplicates. But a rejection
 * without proof counts as what it is, whatever else is known of the sale.
 */
function countSales(all: readonly EventAndClass[], rows: RowCounts): void {
  const decisions = decisionsBySale(all);
  for (const [sale, told] of groupBy(all, ({ classified }) => classified.report?.sale ?? '')) {
    const reports = told.flatMap(({ classified }) => classified.report ?? []);
    const standing = saleStanding([...reports, ...(decisions.get(sale) ?? [])]);
    if (sale !== '') for (const one of told) rows.add(rowOf(one), countsInSale(one, standing));
  }
}

function countsInSale(one: EventAndClass, standing: SaleStanding | undefined): Readonly<Record<string, bigint>> {
  const { report } = one.classified;
  if (standing === undefined || (report !== undefined && !canBegin(report))) return ownCounts(one);
  return one.event.id === standing.firstId ? standingCounts(standing) : { duplicates: 1n };
}

function standingCounts({ status, why, payoutMicros, revenueMicros, isInConflict }: SaleStanding) {
  const prefix = status === 'approved' ? '' : `${status}_`;
  return {
    [status]: 1n,
    ...whyCount(status, why),
    [`${prefix}payout_micros`]: payoutMicros,
    [`${prefix}revenue_micros`]: revenueMicros,
    conflicts: isInConflict ? 1n : 0n,
  };
}

/** A decision names one report of its sale. */
function decisionsBySale(all: readonly EventAndClass[]): ReadonlyMap<string, readonly SaleDecision[]> {
  const saleOf = new Map(all.map(({ event, classified }) => [event.id, classified.report?.sale]));
  const bySale = new Map<string, SaleDecision[]>();
  for (const { event } of all.filter(({ classified }) => classified.counter === 'decisions')) {
    const { conversion_id: report = '', verdict = '', amount = '', payout = '', revenue = '' } = event.parameters;
    const sale = saleOf.get(report);
    if (sale === undefined) continue;
    const decision = { kind: 'decision', id: event.id, verdict, amount, payout, revenue } as const;
    bySale.set(sale, [...(bySale.get(sale) ?? []), decision]);
  }
  return bySale;
}

/** Of several adjustments with one reference the earliest counts, in the row of the day that it names. */
function countAdjustments(all: readonly EventAndClass[], rows: RowCounts): void {
  const seen = new Set<string>();
  const adjustments = all.filter(({ classified }) => classified.counter === 'adjustments');
  for (const one of adjustments.sort(byId)) {
    const { reference = '', day_at: dayAt, payout = '', revenue = '' } = one.event.parameters;
    if (seen.has(reference)) {
      rows.add(rowOf(one), { duplicates: 1n });
      continue;
    }
    seen.add(reference);
    rows.add(rowOf(one, quarterAt(Number(dayAt))), {
      adjustments: 1n,
      adjusted_payout_micros: signedMicrosOf(payout),
      adjusted_revenue_micros: signedMicrosOf(revenue),
    });
  }
}

/** Each visitor's first click of a day, where the offer pays by the day. */
function payableOf(all: readonly EventAndClass[]): FiguresByRow['payable'] {
  const rows = new RowCounts();
  const clicks = all.filter(({ classified }) => classified.counter === 'clicks').sort(byId);
  const visits = groupBy(clicks, ({ event, classified: { offerId, affiliateId } }) =>
    [dayOf(event.id), offerId, affiliateId, event.visitor].join(),
  );
  for (const [first] of visits.values()) {
    if (first?.classified.isPaidByDay) rows.add(rowOf(first), { payable_clicks: 1n, ...moneyCounts(first.classified) });
  }
  return rows.byRow;
}

function byId({ event: one }: EventAndClass, { event: other }: EventAndClass): number {
  return one.id < other.id ? -1 : 1;
}

function uniquesOf(all: readonly EventAndClass[]): Pick<FiguresByRow, 'hourUniques' | 'dayUniques'> {
  const [hours, days] = [new Map<string, Set<number>>(), new Map<string, Set<number>>()];
  for (const { event, classified } of all.filter(({ classified }) => classified.counter === 'clicks')) {
    const place = `${classified.offerId}|${classified.affiliateId}`;
    addVisitor(hours, `${hourOfEvent(event.id)}|${place}`, event);
    addVisitor(days, `${dayOf(event.id)}|${place}`, event);
  }
  return { hourUniques: sizesOf(hours), dayUniques: sizesOf(days) };
}

function addVisitor(sets: Map<string, Set<number>>, key: string, { visitor }: ExpectedEvent): void {
  const set = sets.get(key) ?? new Set<number>();
  sets.set(key, set.add(visitor));
}

function sizesOf(sets: ReadonlyMap<string, ReadonlySet<number>>): Counts {
  return new Map([...sets].map(([key, { size }]) => [key, BigInt(size)]));
}
