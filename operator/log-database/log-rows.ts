import { conversionKeyOf } from '../../core/conversions/conversion-events.ts';
import { type JsonValue, knownTypeOf, type LoggedEvent } from '../../core/event/event.ts';
import { type ColumnType, eventColumns } from '../../core/event/event-columns.ts';
import { uuidTimeMs, uuidV7 } from '../../core/event/uuid.ts';
import { counterOf, quarterOf, rowKeyOf, unsignedRowKey, whyCounterOf } from '../../core/figures/classify.ts';
import { effectRow, isPaidPerVisitor } from '../../core/figures/effect.ts';
import { type FirstMark, waitingMark } from '../../core/figures/first-conversion.ts';
import { mergeSales, smallestMarks } from '../../core/figures/merge-sales.ts';
import { eventOutcome, hasCounter } from '../../core/figures/outcome.ts';
import type { Counters, FiguresRow } from '../../core/figures/row.ts';
import { competingKey, isOperatorEventWhole } from '../../core/figures/sales-part.ts';
import type { OperatorKeys } from '../../core/keys/operator-keys.ts';
import { minuteStart } from '../../core/log/log-key.ts';
import { earningsOf } from '../../core/money/earnings.ts';
import type { SqlRows } from '../clients/athena.ts';
import {
  clickColumn,
  clickColumns,
  clickFields,
  conversionFields,
  hasClickColumn,
  type LogQuestion,
  type LogSpan,
} from './log-sql.ts';

/** Rows of figures with the values of fields that figures do not have, counted by the rules of figures. */
export interface LabelledRow extends FiguresRow {
  readonly labels: Readonly<Record<string, string>>;
}

/** Stands for the sub ids of a conversion whose click was not read. */
export const unreadClick = '(click not read)';

type SqlRow = readonly (string | null)[];

/** Gives a row's value of a column; null for NULL. */
function reader({ columns }: Pick<SqlRows, 'columns'>): (row: SqlRow, name: string) => string | null {
  const places = new Map(columns.map((name, index) => [name, index]));
  return (row, name) => row[places.get(name) ?? -1] ?? null;
}

const quarterMs = 900_000;

/** The answer to `clicksSql`. Each row stands for some events that count alike, so one made-up event counts for all. */
export function clickRows(answer: SqlRows, { fields, counted, byTime }: LogQuestion): readonly LabelledRow[] {
  const cellOf = reader(answer);
  return answer.rows.flatMap((row): readonly LabelledRow[] => {
    const quarter = Number(cellOf(row, clickColumns.quarter));
    const id = uuidV7(byTime ? quarter * quarterMs : counted.fromMs, new Uint8Array(10));
    const event = eventOf(clickFields, id, (name) => cellOf(row, name));
    const events = Number(cellOf(row, clickColumns.events));
    const made = eventRow(event, events);
    if (made === undefined) return [];
    const isUnique = cellOf(row, clickColumns.isUnique) === '1';
    const unique: Counters = isUnique ? { unique_clicks: BigInt(events) } : {};
    const labels = Object.fromEntries(fields.map((name) => [name, cellOf(row, name) ?? '']));
    return [{ key: made.key, counters: { ...made.counters, ...unique }, labels }];
  });
}

/** The answer to `conversionsSql`, as events with the sub ids of their clicks. */
export interface LabelledEvent {
  readonly event: LoggedEvent;
  readonly labels: Readonly<Record<string, string>>;
}

export function conversionEvents(answer: SqlRows, { fields }: LogQuestion): readonly LabelledEvent[] {
  const cellOf = reader(answer);
  return answer.rows.map((row) => {
    const isClickRead = cellOf(row, hasClickColumn) !== null;
    const labelOf = (name: string) => (isClickRead ? (cellOf(row, clickColumn(name)) ?? '') : unreadClick);
    const event = eventOf(conversionFields, cellOf(row, 'id') ?? '', (name) => cellOf(row, name));
    return { event, labels: Object.fromEntries(fields.map((name) => [name, labelOf(name)])) };
  });
}

/**
 * The rows of conversions and decisions in the span, by what all these events say, in whatever order they come. Events
 * outside of the span count nowhere and still decide on a conversion's standing. Reports of several clicks can be one
 * conversion: it has the labels of its first report, and a duplicate those of its own click.
 */
export function conversionRows(
  events: readonly LabelledEvent[],
  span: LogSpan,
  keys: OperatorKeys,
): readonly LabelledRow[] {
  const isIn = ({ event: { id } }: LabelledEvent) => uuidTimeMs(id) >= span.fromMs && uuidTimeMs(id) < span.toMs;
  const isSigned = ({ event }: LabelledEvent) =>
    event.type !== 'decision' || (isOperatorEventWhole(event) && keys.hasSigned(event));
  // What only a later release understands is in no figures.
  const known = events.filter(({ event }) => knownTypeOf(event) !== undefined);
  const signed = known.filter(isSigned);
  const firsts = firstReports(signed);
  const singles = known.filter(isIn).flatMap((one): readonly LabelledRow[] => {
    const { event } = one;
    const isSingle = competingKey(event) === undefined;
    const row = isSigned(one) ? isSingle && eventRow(event) : unsignedRow(event);
    // A decision has no click of its own.
    const { labels } = event.type === 'decision' ? (firsts.get(conversionKeyOf(event) ?? '') ?? one) : one;
    return row ? [{ ...row, labels }] : [];
  });
  return [...singles, ...salesRows(signed, firsts, span)];
}

interface FirstReport extends LabelledEvent {
  readonly mark: FirstMark;
}

type FirstReports = ReadonlyMap<string, FirstReport>;

/** By key, the first report that counts, else the first rejection that proves nothing. */
function firstReports(events: readonly LabelledEvent[]): FirstReports {
  const marks = smallestMarks(events.map(({ event }) => event));
  return new Map(
    events.flatMap((one): [string, FirstReport][] => {
      const [{ id }, key] = [one.event, conversionKeyOf(one.event) ?? ''];
      const mark = marks.get(key);
      return mark === id || mark === waitingMark(id) ? [[key, { ...one, mark }]] : [];
    }),
  );
}

/** What has the same labels in one minute. */
interface LabelledMinute {
  readonly startMs: number;
  readonly labels: LabelledEvent['labels'];
  readonly own: LoggedEvent[];
  readonly received: LoggedEvent[];
  readonly marks: Map<string, FirstMark>;
}

/** Each group gets what a fold would give a minute: its own events, and all events of the keys whose first report it has. */
function salesRows(
  events: readonly LabelledEvent[],
  firsts: FirstReports,
  { fromMs, toMs }: LogSpan,
): readonly LabelledRow[] {
  const groups = new Map<string, LabelledMinute>();
  const groupOf = ({ event, labels }: LabelledEvent) => {
    const startMs = minuteStart(uuidTimeMs(event.id));
    const name = JSON.stringify([startMs, labels]);
    const group: LabelledMinute = groups.get(name) ?? { startMs, labels, own: [], received: [], marks: new Map() };
    groups.set(name, group);
    return group;
  };
  for (const one of events) {
    const own = groupOf(one);
    own.own.push(one.event);
    const key = conversionKeyOf(one.event) ?? '';
    const first = firsts.get(key);
    if (first === undefined) continue;
    own.marks.set(key, first.mark);
    const meetsIn = groupOf(first);
    if (meetsIn !== own) meetsIn.received.push(one.event);
  }
  return [...groups.values()]
    .filter(({ startMs }) => startMs >= fromMs && startMs < toMs)
    .flatMap(({ labels, marks, ...minute }) =>
      mergeSales({ ...minute, firsts: [marks] }).rows.map((row) => ({ ...row, labels })),
    );
}

/** The row of events that count by themselves. Undefined for events without a counter. */
function eventRow(event: LoggedEvent, count = 1): FiguresRow | undefined {
  const outcome = eventOutcome(event);
  if (!hasCounter(outcome)) return undefined;
  const counter = counterOf(event, outcome);
  const [key, why] = [rowKeyOf(event, outcome, quarterOf(event.id)), whyCounterOf(event, counter)];
  return effectRow({ key, counter, why, ...earningsOf(event), perVisitor: isPaidPerVisitor(event) }, count);
}

function unsignedRow(event: LoggedEvent): FiguresRow {
  return { key: unsignedRowKey(event, quarterOf(event.id)), counters: { unsigned: 1n } };
}

const types = new Map(eventColumns.map(({ name, type }): [string, ColumnType] => [name, type]));

/** The event of a row of text. It has only the fields that were asked for. */
function eventOf(names: readonly string[], id: string, textOf: (name: string) => string | null): LoggedEvent {
  const fields: Record<string, JsonValue> = { v: 1, id, at: uuidTimeMs(id), type: '', region: '' };
  for (const name of names) {
    const text = textOf(name);
    if (text !== null && name !== 'id') fields[name] = typed(types.get(name) ?? 'text', text);
  }
  return fields as unknown as LoggedEvent;
}

function typed(type: ColumnType, text: string): JsonValue {
  if (type === 'whole' || type === 'time') return Number(text);
  return type === 'flag' ? text === 'true' : text;
}
