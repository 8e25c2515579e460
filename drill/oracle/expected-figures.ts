import { groupBy } from '../group-by.ts';
import { signedMicrosOf } from './amounts.ts';
import type { CatalogText } from './catalog-text.ts';
import type { ClassifiedEvent } from './classified-event.ts';
import { classifyEvent } from './classify-event.ts';
import { dayOf, hourOfEvent, quarterAt, quarterOfEvent } from './event-time.ts';
import type { ExpectedEvent } from './expected-event.ts';
import { salesOverCaps } from './over-caps.ts';
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
  /** Rows of days: what offers owe that pay each visitor of a day once, and what hard caps change. */
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

/** Rows of days alone have these. */
export const overCapCounters: readonly string[] = [
  ...['over_cap_clicks', 'over_cap', 'over_cap_payout_micros', 'over_cap_revenue_micros'],
  ...['over_cap_paid', 'over_cap_paid_payout_micros', 'over_cap_paid_revenue_micros'],
];

/** The hour in the name of a row, for example `2026-11-23T05`. */
export function hourOfRow(row: string): string {
  return row.slice(0, row.indexOf(':'));
}

export function expectedFigures(events: readonly ExpectedEvent[], catalog: CatalogText): FiguresByRow {
  const all = classifiedEvents(events, catalog);
  const rows = new RowCounts();
  for (const one of all.filter(({ classified }) => isAlone(classified))) rows.add(rowOf(one), ownCounts(one));
  for (const { told, standing } of salesOf(all))
    for (const one of told) rows.add(rowOf(one), countsInSale(one, standing));
  countAdjustments(all, rows);
  const payable = new RowCounts();
  countVisits(all, payable);
  correctOverCaps(countedSales(all), catalog, payable);
  return { rows: rows.byRow, payable: payable.byRow, ...uniquesOf(all) };
}

export function classifiedEvents(events: readonly ExpectedEvent[], catalog: CatalogText): readonly EventAndClass[] {
  return events.map((event) => ({ event, classified: classifyEvent(event, catalog) }));
}

export interface EventAndClass {
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

interface Sale {
  /** All reports of the sale. */
  readonly told: readonly EventAndClass[];
  readonly standing: SaleStanding | undefined;
}

/**
 * Each sale counts by its standing, in the row of its first report. Other reports of it are duplicates. But a rejection
 * without proof counts as what it is, whatever else is known of the sale.
 */
function salesOf(all: readonly EventAndClass[]): readonly Sale[] {
  const decisions = decisionsBySale(all);
  const bySale = groupBy(
    all.filter(({ classified }) => classified.report !== undefined),
    ({ classified }) => classified.report?.sale ?? '',
  );
  return [...bySale].map(([sale, told]) => {
    const reports = told.flatMap(({ classified }) => classified.report ?? []);
    return { told, standing: saleStanding([...reports, ...(decisions.get(sale) ?? [])]) };
  });
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
export function decisionsBySale(all: readonly EventAndClass[]): ReadonlyMap<string, readonly SaleDecision[]> {
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

interface CountedSale {
  readonly first: EventAndClass;
  readonly standing: SaleStanding;
}

/** Sales that are approved or pending, with their first reports. */
export function countedSales(all: readonly EventAndClass[]): readonly CountedSale[] {
  return salesOf(all).flatMap(({ told, standing }) => {
    const first = told.find(({ event }) => event.id === standing?.firstId);
    const isCounted = standing?.status === 'approved' || standing?.status === 'pending';
    return first && standing && isCounted ? [{ first, standing }] : [];
  });
}

/** What is over a hard cap leaves its standing. The rows of hours know nothing of it. */
function correctOverCaps(counted: readonly CountedSale[], catalog: CatalogText, rows: RowCounts): void {
  const over = salesOverCaps(
    counted.map(({ first: { classified }, standing: { firstId: id, payoutMicros, revenueMicros } }) => {
      return { ...classified, id, payoutMicros, revenueMicros };
    }),
    catalog,
  );
  for (const { first, standing } of counted.filter(({ standing: { firstId } }) => over.has(firstId))) {
    const { payoutMicros, revenueMicros } = standing;
    const waits = catalog.offers.get(first.classified.offerId)?.over_cap === 'pending';
    for (const [name, count] of Object.entries(standingCounts({ ...standing, isInConflict: false })))
      rows.add(rowOf(first), { [name]: -count });
    rows.add(rowOf(first), {
      ...{ over_cap: 1n, over_cap_payout_micros: payoutMicros, over_cap_revenue_micros: revenueMicros },
      [waits ? 'pending_for:over-cap' : 'reason:over-cap']: 1n,
    });
  }
}

/** Each visitor's first click of a day, where the offer pays by the day. */
function countVisits(all: readonly EventAndClass[], rows: RowCounts): void {
  const clicks = all.filter(({ classified }) => classified.counter === 'clicks').sort(byId);
  const visits = groupBy(clicks, ({ event, classified: { offerId, affiliateId } }) =>
    [dayOf(event.id), offerId, affiliateId, event.visitor].join(),
  );
  for (const [first] of visits.values()) {
    if (first?.classified.isPaidByDay) rows.add(rowOf(first), { payable_clicks: 1n, ...moneyCounts(first.classified) });
  }
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
