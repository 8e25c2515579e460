import { type CappedSale, capStampOf } from '../caps/capped.ts';
import { worthOf } from '../conversions/conversion-terms.ts';
import { operatorRegion } from '../conversions/operator-events.ts';
import { type ConversionEvent, type ConversionStanding, conversionStanding } from '../conversions/standing.ts';
import { distinctEvents, type LoggedEvent } from '../event/event.ts';
import { minuteStart } from '../log/log-key.ts';
import { signedMicros } from '../money/decimal.ts';
import { type OutboxLine, outboxLineOf } from '../postbacks/outbox-line.ts';
import { quarterAt, quarterOf, rowKeyOf, whyName } from './classify.ts';
import { type FirstMark, holdsAt, markTimeMs, waitingMark } from './first-conversion.ts';
import type { Counters, FiguresRow, RowKey } from './row.ts';
import { RowSum } from './row-sum.ts';
import { isCompeting, keptMarkOf, type SalesPart, salesPartOf } from './sales-part.ts';

/** What a minute knows of conversions and adjustments. Events can be repeated, and can come in any order. */
export interface MinuteSales {
  /** Start of the minute, ms since the epoch. */
  readonly startMs: number;
  /** Events of the minute itself. */
  readonly own: readonly LoggedEvent[];
  /** What other minutes have sent here, because a key's first report, or an adjustment's day, is here. */
  readonly received: readonly LoggedEvent[];
  /** By key, marks of first events that this minute was told. */
  readonly firsts: readonly ReadonlyMap<string, FirstMark>[];
}

/** What another minute needs. */
export interface Forwarded {
  readonly later: LoggedEvent[];
  readonly firsts: Map<string, FirstMark>;
}

export interface MergedSales {
  readonly rows: readonly FiguresRow[];
  /** The conversions among `rows` that take room of hard caps, if these have any. */
  readonly capped: readonly CappedSale[];
  /** By the start of the other minute. */
  readonly forwarded: ReadonlyMap<number, Forwarded>;
  /** The conversions of the minute that a partner may have to be told of. */
  readonly outbox: readonly OutboxLine[];
}

/**
 * The rows of a minute's conversions and adjustments. A conversion counts in the minute of its first report, with all
 * events of its key. An adjustment counts in the first minute of its day. All other minutes forward what they have.
 */
export function mergeSales(minute: MinuteSales): MergedSales {
  const merging = new MergingMinute(minute);
  for (const events of keyedEvents(minute).values()) merging.add(events);
  const { sum, capped, forwarded, outbox } = merging;
  return { rows: sum.rows(), capped, forwarded, outbox };
}

/** By key, the smallest mark among the events. */
export function smallestMarks(events: readonly LoggedEvent[]): ReadonlyMap<string, FirstMark> {
  const smallest = new Map<string, FirstMark>();
  for (const event of events) {
    const part = salesPartOf(event);
    const mark = part && markOf(event.id, part);
    if (mark !== undefined) keepSmallest(smallest, part?.key ?? '', mark);
  }
  return smallest;
}

/** Undefined for a decision, which names the report that its operator saw. */
function markOf(id: string, part: SalesPart): FirstMark | undefined {
  if (isCompeting(part)) return id;
  return part.kind === 'conversion' && part.says.kind === 'report' ? waitingMark(id) : undefined;
}

function keepSmallest(smallest: Map<string, FirstMark>, key: string, mark: FirstMark): void {
  const held = smallest.get(key);
  if (held === undefined || mark < held) smallest.set(key, mark);
}

interface SalesEvent {
  readonly event: LoggedEvent;
  readonly part: SalesPart;
  readonly isOwn: boolean;
}

interface KeyedEvents {
  readonly events: readonly SalesEvent[];
  /** The smallest mark that the minute knows. Absent when only decisions are known. */
  readonly mark?: FirstMark;
}

function keyedEvents({ startMs, own, received, firsts }: MinuteSales): ReadonlyMap<string, KeyedEvents> {
  const distinct = distinctEvents(own);
  const ownIds = new Set(distinct.map(({ id }) => id));
  const foreign = distinctEvents(received).filter(({ id }) => !ownIds.has(id));
  const byKey = new Map<string, SalesEvent[]>();
  addByKey(byKey, distinct, true);
  addByKey(byKey, foreign, false);
  const marks = new Map(smallestMarks(distinct));
  for (const [key, mark] of firsts.flatMap((map) => [...map])) {
    const [one] = byKey.get(key) ?? [];
    if (one && holdsAt(mark, startMs, keptMarkOf(one.part))) keepSmallest(marks, key, mark);
  }
  const keyed = [...byKey].map(([key, events]): [string, KeyedEvents] => {
    const mark = marks.get(key);
    return [key, { events, ...(mark !== undefined && { mark }) }];
  });
  return new Map(keyed);
}

/** A minute can have very many reports of one key, so no list is copied. */
function addByKey(byKey: Map<string, SalesEvent[]>, events: readonly LoggedEvent[], isOwn: boolean): void {
  for (const event of events) {
    const part = salesPartOf(event);
    if (part === undefined) continue;
    const known = byKey.get(part.key) ?? [];
    byKey.set(part.key, known);
    known.push({ event, part, isOwn });
  }
}

class MergingMinute {
  readonly sum = new RowSum();
  readonly capped: CappedSale[] = [];
  readonly forwarded = new Map<number, Forwarded>();
  readonly outbox: OutboxLine[] = [];
  readonly #startMs: number;

  constructor({ startMs }: MinuteSales) {
    this.#startMs = startMs;
  }

  add({ events, mark }: KeyedEvents): void {
    const isAdjusting = events.some(({ part }) => part.kind === 'adjustment');
    if (isAdjusting) this.#addAdjustments(events, mark);
    else this.#addConversion(events, mark);
  }

  #addConversion(events: readonly SalesEvent[], mark: FirstMark | undefined): void {
    const here: ConversionEvent[] = [];
    for (const { event, part } of events) {
      const meetsAtMs = minuteStart(meetingMs(event, mark));
      if (meetsAtMs !== this.#startMs) this.#to(meetsAtMs).later.push(event);
      else if (part.kind === 'conversion') here.push(part.says);
    }
    const standing = conversionStanding(here);
    for (const { event, part, isOwn } of events) {
      if (!isOwn || !isCompeting(part)) continue;
      const isFirst = event.id === mark && event.id === standing?.firstId;
      if (isFirst) this.#addFirst(event, part.key, standing);
      else this.sum.add([duplicateRow(event)]);
    }
  }

  #addFirst(first: LoggedEvent, key: string, standing: ConversionStanding): void {
    this.sum.add([standingRow(first, standing)]);
    const sale = cappedSaleOf(first, standing);
    if (sale) this.capped.push(sale);
    const line = outboxLineOf(key, first, standing);
    if (line !== undefined) this.outbox.push(line);
  }

  /** A minute forwards the first adjustment of a reference, and says which one is first to the days of all others. */
  #addAdjustments(events: readonly SalesEvent[], mark: FirstMark | undefined): void {
    const own = events.filter(({ isOwn }) => isOwn);
    this.sum.add(own.filter(({ event }) => event.id !== mark).map(({ event }) => duplicateRow(event)));
    for (const { event, part } of own) {
      const dayMs = minuteStart(Number(event['day_at']));
      if (dayMs === this.#startMs || mark === undefined) continue;
      if (event.id === mark) this.#to(dayMs).later.push(event);
      else this.#to(dayMs).firsts.set(part.key, mark);
    }
    const ofThisDay = events.filter(({ event }) => minuteStart(Number(event['day_at'])) === this.#startMs);
    const [firstId = ''] = ofThisDay.map(({ event }) => event.id).sort();
    const isFirst = mark === undefined || firstId <= mark;
    this.sum.add(
      ofThisDay.filter(({ event }) => isFirst && event.id === firstId).map(({ event }) => adjustmentRow(event)),
    );
  }

  #to(startMs: number): Forwarded {
    const known = this.forwarded.get(startMs) ?? { later: [], firsts: new Map() };
    this.forwarded.set(startMs, known);
    return known;
  }
}

/**
 * Where an event of a conversion meets the others: at the first report. A decision names the report that its operator
 * saw, in case the region has not received this report yet, or its index has forgotten it.
 */
function meetingMs({ id, type, conversion_id: seenId }: LoggedEvent, mark: FirstMark = waitingMark(id)): number {
  return markTimeMs(type === 'decision' && `${seenId}` < mark ? `${seenId}` : mark);
}

/** Money that is due has no word before its name. */
const moneyWords = { approved: '', pending: 'pending_', rejected: 'rejected_', reversed: 'reversed_' } as const;

function standingRow(first: LoggedEvent, standing: ConversionStanding): FiguresRow {
  const { status, reason, pendingFor, conflicts } = standing;
  const key = standingKey(first, standing);
  const { payoutMicros, revenueMicros } = worthOf(standing);
  const counters: Record<string, bigint> = { [status]: 1n };
  if (status === 'pending') counters[`pending_for:${whyName(pendingFor)}`] = 1n;
  if (status === 'rejected' || status === 'reversed') counters[`reason:${whyName(reason)}`] = 1n;
  if (conflicts.length > 0) counters['conflicts'] = 1n;
  if (payoutMicros > 0n) counters[`${moneyWords[status]}payout_micros`] = payoutMicros;
  if (revenueMicros > 0n) counters[`${moneyWords[status]}revenue_micros`] = revenueMicros;
  return { key, counters: counters as Counters };
}

function standingKey(first: LoggedEvent, { status, terms }: ConversionStanding): RowKey {
  const currency = terms?.currency ?? first['currency'] ?? '';
  return rowKeyOf({ ...first, currency }, status === 'reversed' ? 'rejected' : status, quarterOf(first.id));
}

/** The limits that hold for a conversion are those of its first report. A rejected conversion takes no room. */
function cappedSaleOf(first: LoggedEvent, standing: ConversionStanding): CappedSale | undefined {
  const { status, pendingFor, placedById, isPaidOverCap = false } = standing;
  const caps = capStampOf(first);
  if (caps === undefined || (status !== 'approved' && status !== 'pending')) return undefined;
  return {
    kind: 'sale',
    id: first.id,
    ...(placedById !== undefined && { placedById }),
    key: standingKey(first, standing),
    status,
    ...(status === 'pending' && { pendingFor: whyName(pendingFor) }),
    ...worthOf(standing),
    caps,
    overCap: first['over_cap'] === 'pending' ? 'pending' : 'reject',
    isPaidOverCap,
  };
}

function duplicateRow(event: LoggedEvent): FiguresRow {
  const outcome = event.type === 'adjustment' ? 'adjustment' : 'approved';
  return { key: rowKeyOf(event, outcome, quarterOf(event.id)), counters: { duplicates: 1n } };
}

function adjustmentRow(event: LoggedEvent): FiguresRow {
  const key = rowKeyOf({ ...event, region: operatorRegion }, 'adjustment', quarterAt(Number(event['day_at'])));
  const counters: Counters = {
    adjustments: 1n,
    adjusted_payout_micros: signedMicros(event['payout']) ?? 0n,
    adjusted_revenue_micros: signedMicros(event['revenue']) ?? 0n,
  };
  return { key, counters };
}
