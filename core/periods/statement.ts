import { gunzipSync, gzipSync } from 'node:zlib';
import { encodeRows, parseRows } from '../figures/figures-object.ts';
import type { CounterName, Counters, FiguresRow } from '../figures/row.ts';
import { RowSum } from '../figures/row-sum.ts';
import { digestOf } from '../ledger/object-keys.ts';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import type { ClosedPeriod } from './closed-periods.ts';

/**
 * The statement of a closed period: what was invoiced. It never changes. It has the figures of the period's days. It also
 * has what changed in days of earlier periods since the statements before: its corrections. So the sum of all statements
 * is what was known when the last one was made.
 */
export interface Statement {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  /** The days whose figures were read for the statement: those of the period, and earlier ones that had changed. */
  readonly days: readonly StatedDay[];
  /**
   * By day, offer, affiliate, goal and currency. Each row stands in the first quarter of its day and has no region. Rows
   * of days before `from` are corrections. Their counters are differences and can be negative.
   */
  readonly rows: readonly FiguresRow[];
}

/** What a day's figures were made of. Equal digests mean equal figures. */
export interface StatedDay {
  readonly day: string;
  readonly digest: string;
  /** How many hours of UTC had figures. Figures expire with the log, and a correction must not take that for a change. */
  readonly hours: number;
}

/** A closed period and its statement. */
export interface StatedPeriod {
  readonly period: ClosedPeriod;
  readonly statement: Statement;
}

export interface StatementObject {
  readonly digest: string;
  readonly gzip: Uint8Array;
}

/** `periods/2026-10-01..2026-10-31-<digest>.ndjson.gz` */
export function statementKey({ from, to }: Pick<Statement, 'from' | 'to'>, digest: string): string {
  return `periods/${from}..${to}-${digest}.ndjson.gz`;
}

/** The first line has everything but the rows. */
export function statementObject({ rows, ...head }: Statement): StatementObject {
  const lines = [`${JSON.stringify({ v: 1, ...head })}\n`, ...encodeRows(rows)];
  return { digest: digestOf(lines), gzip: gzipSync(lines.join('')) };
}

/** Undefined when the bytes are no statement. */
export function readStatement(gzip: Uint8Array): Statement | undefined {
  const text = unpacked(gzip);
  const end = Math.max(0, text.indexOf('\n'));
  const { v, from, to, timeZone, days } = parseObject(text.slice(0, end)) ?? {};
  const rows = parseRows(text.slice(end + 1));
  const isNamed = [from, to, timeZone].every((one) => typeof one === 'string');
  if (v !== 1 || !isNamed || !Array.isArray(days) || rows === undefined) return undefined;
  return { ...({ from, to, timeZone, days } as Omit<Statement, 'rows'>), rows };
}

function unpacked(gzip: Uint8Array): string {
  try {
    return gunzipSync(gzip, { maxOutputLength: limits.periods.statementBytesMax }).toString();
  } catch {
    return '';
  }
}

/** What the figures of some days say today, less what statements have said about these days. */
export function changesSince(today: Iterable<FiguresRow>, said: Iterable<FiguresRow>): readonly FiguresRow[] {
  const sum = new RowSum();
  sum.add(today);
  for (const { key, counters } of said) sum.add([{ key, counters: negated(counters) }]);
  return sum
    .rows()
    .map(({ key, counters }) => ({ key, counters: counted(counters, (value) => (value === 0n ? undefined : value)) }))
    .filter(({ counters }) => Object.keys(counters).length > 0);
}

function negated(counters: Counters): Counters {
  return counted(counters, (value) => -value);
}

function counted(counters: Counters, change: (value: bigint) => bigint | undefined): Counters {
  const changed = Object.entries(counters).flatMap(([name, value]): [CounterName, bigint][] => {
    const result = change(value);
    return result === undefined ? [] : [[name as CounterName, result]];
  });
  return Object.fromEntries(changed) as Counters;
}
