import { ownRules } from '../event/event.ts';
import type { Counters } from '../figures/row.ts';
import { limits } from '../limits/limits.ts';
import { hourMs } from '../log/log-key.ts';
import { parseObject } from '../parse-json.ts';
import { digestOf } from './object-keys.ts';

/**
 * Which figures of an hour are in force, and what they were made of. One object for each hour and region, written by
 * compare-and-swap. docs/decisions/0011, 0014, 0016
 */
export interface HourState {
  /** UTC, for example `2026-11-23T05`. */
  readonly hour: string;
  /** 0 while the hour is provisional, 1 when it was made final for the first time. */
  readonly revision: number;
  /**
   * Why the revision was made: `provisional`, `closed`, `late`, `erased`, `conversion`, `readable`, `rules`, or the word
   * of an operator.
   */
  readonly cause: string;
  /** When the state was written. */
  readonly atMs: number;
  /** Every segment that the log had at this moment is counted, except `unreadable` ones. */
  readonly foldedToMs: number;
  /** The version of the counting rules of the release that folded the hour (`ownRules`). */
  readonly rules: number;
  /** Which generation of fold objects the figures come from (object-keys.ts). */
  readonly generation: number;
  /** The digest of the log's listing that was counted (listing-sum.ts). */
  readonly listing: string;
  /** How many segments that listing has. */
  readonly segments: number;
  /** The digest over the keys of that listing alone. Equal digests of both regions mean that both logs are equal. */
  readonly keys: string;
  /** The digest over the names of all that other minutes left here. When it changes, the figures may change. */
  readonly received: string;
  /** Lines that are no events. */
  readonly faults: number;
  /** Keys of segments that can be read in neither log. Their events are not counted. */
  readonly unreadable: readonly string[];
  /** Blocks of conversions that were not yet looked up in the index. While there are any, the hour cannot be final. */
  readonly unresolved: number;
  /** Four entries. */
  readonly quarters: readonly QuarterState[];
  /** The name of the `clicks` and `visits` objects of each minute; empty for a minute without events. 60 entries. */
  readonly minutes: readonly string[];
  /** The digest over the rows of all quarters. Equal digests of both regions mean equal figures. */
  readonly figuresDigest: string;
  /** Each event id counts once, here and in `unknown` and `redacted`. */
  readonly events: number;
  /** Events that only a later release understands. No row counts them. */
  readonly unknown: number;
  /** Events that an erasure redacted. They count like any other. */
  readonly redacted: number;
  /** Sums over rows of all currencies: an overview, not a basis for payments. */
  readonly totals: Counters;
  /** What the sequence numbers say about lost events. Absent until the hour was judged. */
  readonly accounting?: HourAccounting;
}

/** A quarter's rows are in two objects, because those of clicks stay the same when a conversion's standing changes. */
export interface QuarterState {
  /** All rows but those of `sales`. In final figures they have the unique visitors of the hour. */
  readonly clicks: QuarterPart;
  /** Rows of conversions and adjustments (core/figures/merge-sales.ts). */
  readonly sales: QuarterPart;
  readonly events: number;
  readonly unknown: number;
  readonly redacted: number;
}

export interface QuarterPart {
  /** The digest of the rows; empty without rows. */
  readonly figures: string;
  /** The digest over the names of all merged minutes. When it changes, the rows may change. */
  readonly sources: string;
  /** Sums over rows of all currencies: an overview, not a basis for payments. */
  readonly totals: Counters;
  /** The digest of what takes room of hard caps (core/caps/capped.ts). Absent when nothing does. */
  readonly capped?: string;
}

export function partsOf({ clicks, sales }: QuarterState): readonly QuarterPart[] {
  return [clicks, sales];
}

/** Whether this release can go on with the fold objects of the state. Those of other rules count lines otherwise. */
export function isOfOwnRules({ rules }: Pick<HourState, 'rules'>): boolean {
  return rules === ownRules;
}

export interface HourAccounting {
  /** Captured events that the log lacks. */
  readonly missing: number;
  /** The environments that lack most. */
  readonly gaps: readonly { readonly region: string; readonly env: string; readonly missing: number }[];
}

export const quarterCount = 4;
export const quarterMs = hourMs / quarterCount;

/**
 * When the ledger makes an hour final by itself, ms since the epoch. Until then, events of the hour can be on their way.
 * Figures that were made earlier would lack these events and yet count as final.
 */
export function closesAtMs(hourStartMs: number): number {
  return hourStartMs + hourMs + limits.ledger.close.afterMinutes * 60_000;
}

export function isFinal({ revision }: HourState): boolean {
  return revision > 0;
}

export function figuresDigestOf(quarters: readonly QuarterState[]): string {
  return digestOf(quarters.flatMap(partsOf).flatMap(({ figures, capped }) => (capped ? [figures, capped] : [figures])));
}

export function encodeHourState(state: HourState): Uint8Array {
  const text = JSON.stringify({ v: 3, ...state }, (_, value) => (typeof value === 'bigint' ? `${value}` : value), 2);
  return Buffer.from(`${text}\n`);
}

const texts = ['hour', 'cause', 'listing', 'keys', 'received', 'figuresDigest'];
const numbers = [
  ...['revision', 'atMs', 'foldedToMs', 'rules', 'generation', 'segments', 'events'],
  ...['faults', 'unknown', 'redacted', 'unresolved'],
];

/** Undefined when the bytes are no state. */
export function parseHourState(bytes: Uint8Array): HourState | undefined {
  const value = parseObject(Buffer.from(bytes).toString());
  const state = value?.['v'] === 2 ? ofRulesOne(value) : value;
  if (state?.['v'] !== 3) return undefined;
  const isWhole =
    texts.every((name) => typeof state[name] === 'string') &&
    numbers.every((name) => Number.isSafeInteger(state[name])) &&
    ['unreadable', 'quarters', 'minutes'].every((name) => Array.isArray(state[name]));
  if (!isWhole) return undefined;
  const { v, ...whole } = state as unknown as HourState & { readonly v: number };
  const quarters = whole.quarters.map((quarter) => {
    return { ...quarter, clicks: partIn(quarter.clicks), sales: partIn(quarter.sales) };
  });
  return { ...whole, quarters, totals: countersOf(whole.totals) };
}

/** A state of the release with rules 1, in which all rows of a quarter were in one object. */
function ofRulesOne({ firsts, quarters, ...state }: Readonly<Record<string, unknown>>) {
  const split = (Array.isArray(quarters) ? quarters : []).map(({ figures, sources, totals, ...quarter }) => {
    return { ...quarter, clicks: { figures, sources, totals }, sales: { figures: '', sources: '', totals: {} } };
  });
  return { ...state, v: 3, rules: 1, received: firsts, quarters: split } as Readonly<Record<string, unknown>>;
}

function partIn(part: QuarterPart): QuarterPart {
  return { ...part, totals: countersOf(part.totals) };
}

/** Counters are text in JSON, because sums of millionths can exceed its exact integers. */
function countersOf(counters: Counters): Counters {
  return Object.fromEntries(Object.entries(counters).map(([name, count]) => [name, BigInt(count)])) as Counters;
}
