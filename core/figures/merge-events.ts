import type { CappedClicks, CapStamp } from '../caps/capped.ts';
import { type Effect, effectRow } from './effect.ts';
import {
  capturedBeforeAt,
  type Environment,
  type EventBlock,
  effectAt,
  environmentAt,
  isRedactedRank,
  noEffect,
  rankAt,
  recordWords,
  seqAt,
  unknownEffect,
  visitorAt,
} from './event-block.ts';
import { EventRecords, RecordTable } from './event-records.ts';
import type { FiguresRow } from './row.ts';
import { rowText } from './row-map.ts';
import { RowSum } from './row-sum.ts';
import { encodeVisits, entryWords, type VisitRow, visitRowOf, visitRowText } from './visits.ts';

export interface FoldCounts {
  /** Distinct event ids. */
  readonly events: number;
  /** How many of these only a later release understands. */
  readonly unknown: number;
  /** How many of these an erasure redacted. They count like any other. */
  readonly redacted: number;
}

/** The sequence numbers that a minute has of one environment. */
export interface EnvironmentCount {
  readonly region: string;
  readonly env: string;
  /** Events with a number. */
  readonly count: number;
  /** The highest number. */
  readonly to: number;
  /** `captured_before` of the event `to`. */
  readonly capturedBefore: number;
}

export interface MergedEvents {
  /** Without the conversions that compete for a key. A visitor counts in the row of the first click by id. */
  readonly rows: readonly FiguresRow[];
  readonly counts: FoldCounts;
  readonly environments: readonly EnvironmentCount[];
  /** The clicks among `rows` that take room of hard caps, in an order that follows from them alone. */
  readonly capped: readonly CappedEffect[];
  /** visits.ts; empty without visitors. */
  readonly visits: Uint8Array;
}

/** Clicks of the minute with one effect, which has caps. */
export type CappedEffect = Omit<CappedClicks, 'kind' | 'minuteMs'>;

const idRange = { at: 0, count: 4 };
const rankRange = { at: rankAt, count: 2 };
const visitorRange = { at: visitorAt, count: 2 };

/**
 * Merges blocks of one minute, in any order and with any repetitions: each event id counts once. 'too-many' when the
 * blocks have more than `eventsMax` records together. Besides the blocks it takes 13 to 25 bytes of memory a record.
 */
export function mergeEvents(blocks: readonly EventBlock[], eventsMax: number): MergedEvents | 'too-many' {
  const records = new EventRecords(blocks);
  if (records.count > eventsMax) return 'too-many';
  const tally = new MinuteTally();
  const fates = lostRecords(records);
  countRecords(records, fates, tally);
  const visits = addVisits(records, fates, tally.sum);
  const { counts, sum } = tally;
  return { rows: sum.rows(), counts, environments: tally.environments(), capped: tally.capped(), visits };
}

/** What becomes of each record. The line counts unless another line of its id does. */
type Fates = Uint8Array;
const lost = 1;
/** The line counts, and is the first click of its visitor. */
const firstClick = 2;

function lostRecords(records: EventRecords): Fates {
  const fates = new Uint8Array(records.count);
  const ids = new RecordTable(records, idRange, rankRange);
  for (const { block, first } of records.blocks) {
    const { words } = block;
    for (let at = 0, record = first; at < words.length; at += recordWords, record += 1) {
      const loser = ids.add(record, words, at);
      if (loser >= 0) fates[loser] = lost;
    }
  }
  return fates;
}

/** Counts all records that are not lost, and finds the first clicks. */
function countRecords(records: EventRecords, fates: Fates, tally: MinuteTally): void {
  const visitors = new RecordTable(records, visitorRange, idRange);
  for (const { block, first } of records.blocks) {
    const counts = new BlockCounts(block, tally);
    const { words } = block;
    for (let at = 0, record = first; at < words.length; at += recordWords, record += 1) {
      if (fates[record] === lost) continue;
      counts.add(words, at);
      if (words[at + visitorAt] === 0 && words[at + visitorAt + 1] === 0) continue;
      fates[record] = firstClick;
      const later = visitors.add(record, words, at);
      if (later >= 0) fates[later] = 0;
    }
    counts.finish();
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The sums of a minute over all blocks. */
class MinuteTally {
  readonly sum = new RowSum();
  readonly counts: Mutable<FoldCounts> = { events: 0, unknown: 0, redacted: 0 };
  readonly #environments = new Map<string, Mutable<EnvironmentCount>>();
  readonly #capped = new Map<string, Mutable<CappedEffect>>();

  addCapped({ key, payoutMicros, revenueMicros }: Effect, caps: CapStamp, count: number): void {
    const name = [rowText(key), payoutMicros, revenueMicros, caps.countsGoals, caps.text].join('#');
    const known = this.#capped.get(name);
    if (known) known.count += BigInt(count);
    else this.#capped.set(name, { key, payoutMicros, revenueMicros, caps, count: BigInt(count) });
  }

  capped(): readonly CappedEffect[] {
    return [...this.#capped].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, capped]) => capped);
  }

  environment({ region, env }: Environment): Mutable<EnvironmentCount> {
    const name = `${region}#${env}`;
    const known = this.#environments.get(name);
    if (known) return known;
    const empty = { region, env, count: 0, to: 0, capturedBefore: 0 };
    this.#environments.set(name, empty);
    return empty;
  }

  environments(): readonly EnvironmentCount[] {
    const sorted = [...this.#environments].sort(([one], [other]) => (one < other ? -1 : 1));
    return sorted.map(([, environment]) => environment).filter(({ count }) => count > 0);
  }
}

/** Counts the records of one block. Each only adds to numbers: rows are made once for each effect, at the end. */
class BlockCounts {
  readonly #block: EventBlock;
  readonly #tally: MinuteTally;
  readonly #effects: Uint32Array;
  readonly #environments: readonly Mutable<EnvironmentCount>[];

  constructor(block: EventBlock, tally: MinuteTally) {
    this.#block = block;
    this.#tally = tally;
    this.#effects = new Uint32Array(block.effects.length);
    this.#environments = block.environments.map((environment) => tally.environment(environment));
  }

  add(words: Uint32Array, at: number): void {
    const { counts } = this.#tally;
    counts.events += 1;
    if (isRedactedRank(words[at + rankAt] ?? 0)) counts.redacted += 1;
    const effect = words[at + effectAt] ?? noEffect;
    if (effect === unknownEffect) counts.unknown += 1;
    else if (effect !== noEffect) this.#effects[effect] = (this.#effects[effect] ?? 0) + 1;
    const environment = this.#environments[(words[at + environmentAt] ?? 0) - 1];
    if (environment) addNumber(environment, words[at + seqAt] ?? 0, words[at + capturedBeforeAt] ?? 0);
  }

  finish(): void {
    const { effects } = this.#block;
    this.#tally.sum.add(
      effects.flatMap((effect, index) => {
        const count = this.#effects[index] ?? 0;
        if (effect.caps && count > 0) this.#tally.addCapped(effect, effect.caps, count);
        return count > 0 ? [effectRow(effect, count)] : [];
      }),
    );
  }
}

function addNumber(environment: Mutable<EnvironmentCount>, seq: number, capturedBefore: number): void {
  environment.count += 1;
  // Two events of one number would be a fault of `track`. Even then the result does not depend on their order.
  if (seq < environment.to || (seq === environment.to && capturedBefore < environment.capturedBefore)) return;
  environment.to = seq;
  environment.capturedBefore = capturedBefore;
}

interface VisitedRow extends VisitRow {
  readonly number: number;
  visitors: number;
}

/** Numbers the rows of visits in the order in which they come first. */
class VisitedRows {
  readonly #rows = new Map<string, VisitedRow>();

  of(effect: Effect): VisitedRow {
    const row = visitRowOf(effect);
    const name = visitRowText(row);
    const known = this.#rows.get(name);
    if (known) return known;
    const visited = { ...row, number: this.#rows.size, visitors: 0 };
    this.#rows.set(name, visited);
    return visited;
  }

  /** Those with visitors, in an order that follows from the rows alone. */
  inOrder(): readonly VisitedRow[] {
    const sorted = [...this.#rows].sort(([one], [other]) => (one < other ? -1 : 1));
    return sorted.map(([, row]) => row).filter(({ visitors }) => visitors > 0);
  }
}

/** Adds the unique clicks to the rows. Gives the object `visits`. */
function addVisits(records: EventRecords, fates: Fates, sum: RowSum): Uint8Array {
  const rows = new VisitedRows();
  const entries = visitEntries(records, fates, rows);
  const visited = rows.inOrder();
  sum.add(visited.map(({ key, visitors }) => ({ key, counters: { unique_clicks: BigInt(visitors) } })));
  // Rows came in the order of the blocks. The object must not depend on that.
  const places: number[] = [];
  for (const [place, { number }] of visited.entries()) places[number] = place;
  for (let at = 2; at < entries.length; at += entryWords) entries[at] = places[entries[at] ?? 0] ?? 0;
  return visited.length === 0 ? new Uint8Array() : encodeVisits(entries, visited);
}

/** An entry for each first click, with the number of its row. */
function visitEntries(records: EventRecords, fates: Fates, rows: VisitedRows): Uint32Array {
  let [end, visitCount] = [0, 0];
  for (const fate of fates) if (fate === firstClick) visitCount += 1;
  const entries = new Uint32Array(visitCount * entryWords);
  for (const { block, first } of records.blocks) {
    const ofEffects = block.effects.map((effect) => rows.of(effect));
    const { words } = block;
    for (let at = 0, record = first; at < words.length; at += recordWords, record += 1) {
      const row = fates[record] === firstClick && ofEffects[words[at + effectAt] ?? noEffect];
      if (!row) continue;
      row.visitors += 1;
      entries[end] = words[at + visitorAt] ?? 0;
      entries[end + 1] = words[at + visitorAt + 1] ?? 0;
      entries[end + 2] = row.number;
      end += entryWords;
    }
  }
  return entries.subarray(0, end);
}
