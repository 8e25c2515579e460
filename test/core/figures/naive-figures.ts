import { worthOf } from '../../../core/conversions/conversion-terms.ts';
import { isOperatorType, operatorRegion } from '../../../core/conversions/operator-events.ts';
import { conversionStanding } from '../../../core/conversions/standing.ts';
import { compareLines, type LoggedEvent } from '../../../core/event/event.ts';
import { uuidTimeMs } from '../../../core/event/uuid.ts';
import {
  counterOf,
  quarterAt,
  quarterOf,
  rowKeyOf,
  unsignedRowKey,
  visitorKey,
  whyCounterOf,
  whyName,
} from '../../../core/figures/classify.ts';
import { isPaidPerVisitor } from '../../../core/figures/effect.ts';
import { eventOutcome, hasCounter } from '../../../core/figures/outcome.ts';
import type { Counters, FiguresRow } from '../../../core/figures/row.ts';
import { RowSum } from '../../../core/figures/row-sum.ts';
import { competingKey, type SalesPart, salesPartOf } from '../../../core/figures/sales-part.ts';
import { OperatorKeys } from '../../../core/keys/operator-keys.ts';
import { signedMicros } from '../../../core/money/decimal.ts';
import { earningsOf } from '../../../core/money/earnings.ts';
import { eventOf } from './fold-lines.ts';

/**
 * Figures counted in the simplest way: everything in the order of ids, one line of each id, and each conversion from all
 * events of its key. `span`: for how long a visitor counts once, in milliseconds.
 */
export function naiveRows(
  lines: readonly string[],
  span = 3_600_000,
  keys: OperatorKeys = new OperatorKeys([]),
): readonly FiguresRow[] {
  const events = distinctEvents(lines);
  const trusted = events.filter((event) => !isOperatorType(event.type) || keys.hasSigned(event));
  const sum = new RowSum();
  const visits = new Set<string>();
  for (const event of events) {
    if (!trusted.includes(event)) {
      if (hasCounter(eventOutcome(event)))
        sum.add([{ key: unsignedRowKey(event, quarterOf(event.id)), counters: { unsigned: 1n } }]);
    } else if (competingKey(event) === undefined) {
      sum.add(plainRows(event, visits, span));
    }
  }
  for (const ofKey of byKey(trusted).values()) sum.add(rowsOfKey(ofKey));
  return sum.rows();
}

/** In the order of ids. Of several lines of one id a redacted one counts, or else the smallest text. */
export function distinctEvents(lines: readonly string[]): readonly LoggedEvent[] {
  const byId = new Map<string, LoggedEvent>();
  for (const event of [...lines].sort(compareLines).map(eventOf)) if (!byId.has(event.id)) byId.set(event.id, event);
  return [...byId.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

function plainRows(event: LoggedEvent, visits: Set<string>, span: number): readonly FiguresRow[] {
  const outcome = eventOutcome(event);
  if (!hasCounter(outcome)) return [];
  const key = rowKeyOf(event, outcome, quarterOf(event.id));
  const counter = counterOf(event, outcome);
  const why = whyCounterOf(event, counter);
  const { payoutMicros, revenueMicros } = isPaidPerVisitor(event) ? nothing : earningsOf(event);
  const visit = [Math.floor(uuidTimeMs(event.id) / span), key.offerId, key.affiliateId, visitorKey(event)].join('#');
  const isUnique = counter === 'clicks' && !visits.has(visit);
  if (isUnique) visits.add(visit);
  const counters = { [counter]: 1n, payout_micros: payoutMicros, revenue_micros: revenueMicros };
  return [{ key, counters: { ...counters, unique_clicks: isUnique ? 1n : 0n, ...(why && { [why]: 1n }) } as Counters }];
}

const nothing = { payoutMicros: 0n, revenueMicros: 0n };

interface Part {
  readonly event: LoggedEvent;
  readonly part: SalesPart;
}

function byKey(events: readonly LoggedEvent[]): ReadonlyMap<string, readonly Part[]> {
  const parts = events.flatMap((event) => {
    const part = salesPartOf(event);
    return part ? [{ event, part }] : [];
  });
  const found = new Map<string, Part[]>();
  for (const one of parts) found.set(one.part.key, [...(found.get(one.part.key) ?? []), one]);
  return found;
}

function rowsOfKey(parts: readonly Part[]): readonly FiguresRow[] {
  const competing = parts.filter(({ event }) => competingKey(event) !== undefined).map(({ event }) => event);
  return competing.map((event, index) => {
    const key = rowKeyOf(event, 'approved', quarterOf(event.id));
    if (index > 0) return { key, counters: { duplicates: 1n } };
    return event.type === 'adjustment' ? adjustmentRow(event) : conversionRow(event, parts);
  });
}

function adjustmentRow(event: LoggedEvent): FiguresRow {
  const at = quarterAt(Number(event['day_at']));
  const [payout, revenue] = [event['payout'], event['revenue']].map((money) => signedMicros(money) ?? 0n);
  return {
    key: { ...rowKeyOf(event, 'adjustment', at), region: operatorRegion },
    counters: { adjustments: 1n, adjusted_payout_micros: payout, adjusted_revenue_micros: revenue } as Counters,
  };
}

function conversionRow(first: LoggedEvent, parts: readonly Part[]): FiguresRow {
  const standing = conversionStanding(parts.flatMap(({ part }) => (part.kind === 'conversion' ? [part.says] : [])));
  if (standing?.firstId !== first.id) throw new Error('another report is the first');
  const { status, terms, pendingFor, reason, conflicts } = standing;
  const key = rowKeyOf(
    { ...first, currency: terms?.currency ?? first['currency'] ?? '' },
    'approved',
    quarterOf(first.id),
  );
  const { payoutMicros, revenueMicros } = worthOf(standing);
  const word = status === 'approved' ? '' : `${status}_`;
  const why =
    status === 'pending' ? { [`pending_for:${whyName(pendingFor)}`]: 1n } : { [`reason:${whyName(reason)}`]: 1n };
  const counters = {
    [status]: 1n,
    ...(status !== 'approved' && why),
    conflicts: conflicts.length > 0 ? 1n : 0n,
    [`${word}payout_micros`]: payoutMicros,
    [`${word}revenue_micros`]: revenueMicros,
  };
  return { key, counters: counters as Counters };
}
