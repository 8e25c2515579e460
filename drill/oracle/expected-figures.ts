import type { CatalogText } from './catalog-text.ts';
import { type ClassifiedEvent, classifyEvent, hourOfEvent, quarterOfEvent } from './classify-event.ts';
import type { ExpectedEvent } from './expected-event.ts';

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
  'duplicates',
  'tests',
] as const;

export const moneyCounters = ['payout_micros', 'revenue_micros'] as const;

export function expectedFigures(events: readonly ExpectedEvent[], catalog: CatalogText): FiguresByRow {
  const all = events.map((event) => ({ event, classified: classifyEvent(event, catalog) }));
  const earliest = earliestIds(all);
  const sums = { rows: new Map<string, Map<string, bigint>>(), hours: new Map<string, Set<number>>() };
  const days = new Map<string, Set<number>>();
  for (const { event, classified } of all) {
    const { competesFor } = classified;
    const isDuplicate = competesFor !== '' && earliest.get(competesFor) !== event.id;
    addTo(sums.rows, rowOf(event, classified), countsOf(classified, isDuplicate));
    if (classified.counter !== 'clicks') continue;
    const place = `${classified.offerId}|${classified.affiliateId}`;
    addVisitor(sums.hours, `${hourOfEvent(event.id)}|${place}`, event);
    addVisitor(days, `${hourOfEvent(event.id).slice(0, 10)}|${place}`, event);
  }
  return { rows: sums.rows, hourUniques: sizesOf(sums.hours), dayUniques: sizesOf(days) };
}

interface EventAndClass {
  readonly event: ExpectedEvent;
  readonly classified: ClassifiedEvent;
}

/** An id begins with its time, so the smallest id is the earliest. */
function earliestIds(all: readonly EventAndClass[]): ReadonlyMap<string, string> {
  const earliest = new Map<string, string>();
  for (const { event, classified } of all) {
    const held = earliest.get(classified.competesFor);
    if (held === undefined || event.id < held) earliest.set(classified.competesFor, event.id);
  }
  return earliest;
}

function rowOf({ id, region }: ExpectedEvent, { offerId, affiliateId, goalId, currency }: ClassifiedEvent): string {
  return [quarterOfEvent(id), offerId, affiliateId, goalId, region, currency].join('|');
}

function countsOf(classified: ClassifiedEvent, isDuplicate: boolean): Readonly<Record<string, bigint>> {
  if (isDuplicate) return { duplicates: 1n };
  const { counter, reason, payoutMicros, revenueMicros } = classified;
  return {
    [counter]: 1n,
    ...(reason !== '' && { [`${counter === 'pending' ? 'pending_for' : 'reason'}:${reason}`]: 1n }),
    ...(payoutMicros > 0n && { payout_micros: payoutMicros }),
    ...(revenueMicros > 0n && { revenue_micros: revenueMicros }),
  };
}

function addTo(rows: Map<string, Map<string, bigint>>, key: string, counts: Readonly<Record<string, bigint>>): void {
  const row = rows.get(key) ?? new Map<string, bigint>();
  rows.set(key, row);
  for (const [name, count] of Object.entries(counts)) row.set(name, (row.get(name) ?? 0n) + count);
}

function addVisitor(sets: Map<string, Set<number>>, key: string, { visitor }: ExpectedEvent): void {
  const set = sets.get(key) ?? new Set<number>();
  sets.set(key, set.add(visitor));
}

function sizesOf(sets: ReadonlyMap<string, ReadonlySet<number>>): Counts {
  return new Map([...sets].map(([key, { size }]) => [key, BigInt(size)]));
}
