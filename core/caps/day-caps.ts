import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { compareTexts } from '../event/event.ts';
import { uuidTimeMs } from '../event/uuid.ts';
import { encodeRows, parseRows } from '../figures/figures-object.ts';
import type { Counters, FiguresRow, RowKey } from '../figures/row.ts';
import { rowText } from '../figures/row-map.ts';
import { RowSum } from '../figures/row-sum.ts';
import { digestOf } from '../ledger/object-keys.ts';
import { limits } from '../limits/limits.ts';
import { minuteStart } from '../log/log-key.ts';
import { parseObject } from '../parse-json.ts';
import { capKey, isMoneyMeasure } from './cap.ts';
import { type Capped, type CappedClicks, type CappedSale, stampedCapsOf } from './capped.ts';
import { type CapEntry, type Claim, overCap, type PlacedEntry } from './over-cap.ts';
import type { StampedCap } from './stamped-caps.ts';
import { quarterText, type StampedAmount, TakenRoom, type TakenSources, type Takes, takenOf } from './taken-room.ts';

/** What hard caps do to one day of the network's time zone. docs/decisions/0021 */
export interface DayCaps {
  /** What changes in the figures of the day's hours, which know no caps. Counters can be negative. */
  readonly rows: readonly FiguresRow[];
  readonly over: readonly OverCapConversion[];
}

/** A conversion that a hard cap has no room for. */
export interface OverCapConversion {
  /** Event id of its first report. */
  readonly id: string;
  /** The caps without room, such as `3/0/conversion_cap`. */
  readonly caps: readonly string[];
  readonly becomes: 'pending' | 'rejected';
}

/** NDJSON, packed: a line for each conversion that is over, in order, and then the rows. */
export function dayCapsObject({ rows, over }: DayCaps): { readonly digest: string; readonly gzip: Uint8Array } {
  const sorted = over.toSorted((one, other) => compareTexts(one.id, other.id));
  const lines = [...sorted.map((one) => `${JSON.stringify(one)}\n`), ...encodeRows(rows)];
  return { digest: digestOf(lines), gzip: gzipSync(lines.join('')) };
}

/** Undefined when the bytes are no such object. */
export function readDayCaps(gzip: Uint8Array): DayCaps | undefined {
  try {
    const text = gunzipSync(gzip, { maxOutputLength: limits.fold.objectBytesMax }).toString();
    const lines = text.split('\n').filter((line) => line !== '');
    const ofConversions = lines.filter((line) => line.startsWith('{"id":'));
    const over = ofConversions.map((line) => parseObject(line) as unknown as OverCapConversion);
    const rows = parseRows(lines.slice(over.length).join('\n'));
    return rows && { rows, over };
  } catch {
    return undefined;
  }
}

export interface DayOfCaps extends Omit<TakenSources, 'stamped'> {
  readonly capped: readonly Capped[];
  /** The event id with which an operator closed the day's period. */
  readonly closedById?: string;
}

interface DayEntry extends CapEntry {
  readonly capped: Capped;
}

export function dayCaps({ capped, rows, earlier, closedById }: DayOfCaps): DayCaps {
  const paid = capped.flatMap((one) => (one.kind === 'sale' && one.isPaidOverCap ? [paidRow(one)] : []));
  const others = capped.filter((one) => one.kind === 'clicks' || !one.isPaidOverCap);
  const taken = new TakenRoom({ stamped: others.flatMap(stampedAmounts), rows: [...rows, ...paid], earlier });
  const entries = others.map((one) => entryOf(one, taken, closedById));
  const over = overCap(entries).filter(({ entry, fitting }) => fitting < entry.count);
  const sum = new RowSum();
  sum.add([...over.map(correctionOf), ...paid]);
  return { rows: sum.rows(), over: over.flatMap(overConversion) };
}

function stampedAmounts(one: Capped): readonly StampedAmount[] {
  const quarter = quarterText(one.key);
  return stampedCapsOf(one.caps).map((cap) => {
    return { takes: takesOf(one, cap), quarter, amount: countOf(one) * takenOf(one, cap.measure) };
  });
}

function countOf(one: Capped): bigint {
  return one.kind === 'sale' ? 1n : one.count;
}

function entryOf(capped: Capped, taken: TakenRoom, closedById: string | undefined): DayEntry {
  const claims = stampedCapsOf(capped.caps).map((cap): Claim => {
    const takes = takesOf(capped, cap);
    const { limit, measure } = cap;
    const before = taken.before(takes, quarterText(capped.key));
    return { cap: nameOf(takes, cap), limit, amount: takenOf(capped, measure), taken: before };
  });
  return { capped, order: orderOf(capped, closedById), count: countOf(capped), claims };
}

/**
 * Events take places in the order of their minutes. Within a minute conversions come first, in the order of their ids,
 * because a minute only knows how many clicks it has of each kind. What got its place after the period was closed comes
 * after all that was there at closing.
 */
function orderOf(one: Capped, closedById: string | undefined): string {
  if (one.kind === 'clicks') return `0 ${timeText(one.minuteMs)} 2 ${hashOf(one)}`;
  const { id, placedById } = one;
  const isAfterClosing = closedById !== undefined && placedById !== undefined && placedById > closedById;
  return isAfterClosing ? `1 ${placedById} ${id}` : `0 ${timeText(minuteStart(uuidTimeMs(id)))} 1 ${id}`;
}

function timeText(timeMs: number): string {
  return String(timeMs).padStart(15, '0');
}

/** No region, offer or affiliate comes first as a rule. */
function hashOf({ key, payoutMicros, revenueMicros, caps, minuteMs }: CappedClicks): string {
  const text = [minuteMs, rowText(key), payoutMicros, revenueMicros, caps.countsGoals, caps.text].join('#');
  return createHash('sha256').update(text).digest('hex');
}

/** Whose room an event takes of a cap. */
function takesOf({ key, caps }: Capped, { measure, period, isAffiliates }: StampedCap): Takes {
  const { offerId, affiliateId, currency } = key;
  return {
    offerId,
    affiliateId: isAffiliates ? affiliateId : 0,
    measure,
    period,
    currency: isMoneyMeasure(measure) ? currency : '',
    countsGoals: caps.countsGoals,
  };
}

function nameOf(takes: Takes, { name }: StampedCap): string {
  return takes.currency === '' ? capKey(takes, name) : `${capKey(takes, name)} ${takes.currency}`;
}

function correctionOf({ entry, fitting }: PlacedEntry<DayEntry>): FiguresRow {
  const { capped, count } = entry;
  return capped.kind === 'sale' ? saleRow(capped) : clicksRow(capped, count - fitting);
}

function saleRow({ key, status, pendingFor, payoutMicros, revenueMicros, overCap: fate }: CappedSale): FiguresRow {
  const money = status === 'pending' ? 'pending_' : '';
  return rowOf(key, {
    [status]: -1n,
    ...(status === 'pending' && { [`pending_for:${pendingFor}`]: -1n }),
    [`${money}payout_micros`]: -payoutMicros,
    [`${money}revenue_micros`]: -revenueMicros,
    over_cap: 1n,
    over_cap_payout_micros: payoutMicros,
    over_cap_revenue_micros: revenueMicros,
    [fate === 'pending' ? 'pending_for:over-cap' : 'reason:over-cap']: 1n,
  });
}

function clicksRow({ key, payoutMicros, revenueMicros }: CappedClicks, count: bigint): FiguresRow {
  const money = { payout_micros: -count * payoutMicros, revenue_micros: -count * revenueMicros };
  return rowOf(key, { over_cap_clicks: count, ...money });
}

function paidRow({ key, payoutMicros, revenueMicros }: CappedSale): FiguresRow {
  const money = { over_cap_paid_payout_micros: payoutMicros, over_cap_paid_revenue_micros: revenueMicros };
  return rowOf(key, { over_cap_paid: 1n, ...money });
}

function rowOf(key: RowKey, counters: Record<string, bigint>): FiguresRow {
  return { key, counters: counters as Counters };
}

function overConversion({ entry: { capped }, full }: PlacedEntry<DayEntry>): readonly OverCapConversion[] {
  if (capped.kind !== 'sale') return [];
  const caps = full.map((name) => name.split(' ')[0] ?? name);
  return [{ id: capped.id, caps, becomes: capped.overCap === 'pending' ? 'pending' : 'rejected' }];
}
