import { createHash } from 'node:crypto';
import { hourName, hourPrefix } from '../log/log-key.ts';

/**
 * Where figures are kept: in the bucket of the log, under `ledger/`. An object with a digest in its name never changes.
 * The digest is over its content or its sources. Only `state.json` of an hour or a day changes, by compare-and-swap.
 */

/** The prefix of the figures and states of an hour: `ledger/dt=2026-11-23/hr=05/`. */
function publishedPrefix(hourStartMs: number): string {
  return hourPrefix(hourStartMs).replace(/^log\//, 'ledger/');
}

/** Which figures of an hour are in force (hour-state.ts). */
export function hourStateKey(hourStartMs: number): string {
  return `${publishedPrefix(hourStartMs)}state.json`;
}

/**
 * A copy of the state of a revision, for the record. `digest`: of the copy. When two runs make the same revision, both
 * leave a copy. Only the copy of the faster run was in force. No hour ever gets more revisions than seven digits can say.
 */
export function revisionKey(hourStartMs: number, revision: number, digest: string): string {
  return `${publishedPrefix(hourStartMs)}revision-${String(revision).padStart(7, '0')}-${digest}.json`;
}

/** The rows of a quarter of an hour (figures-object.ts). */
export function figuresKey(hourStartMs: number, digest: string): string {
  return `${publishedPrefix(hourStartMs)}figures-${digest}.ndjson.gz`;
}

/** Which unique visitors of a day are in force (day-state.ts). `day`: in the network's time zone, `2026-11-23`. */
export function dayStateKey(day: string): string {
  return `ledger/days/${day}/state.json`;
}

/** The unique visitors of a day by offer and affiliate (day-state.ts). */
export function dayUniquesKey(day: string, digest: string): string {
  return `ledger/days/${day}/uniques-${digest}.ndjson.gz`;
}

/** The prefix of fold objects, from which figures are made. These objects expire (`limits.fold.keptDays`). */
export const foldPrefix = 'ledger/fold/';

/** The prefix of all fold objects of an hour: `ledger/fold/2026-11-23T05/`. */
export function hourFoldPrefix(hourStartMs: number): string {
  return `${foldPrefix}${hourName(hourStartMs)}/`;
}

/**
 * The kinds of fold objects of one minute. `events` and `conversions` are the two kinds of blocks: what a group of
 * segments has of the minute. `firsts` has the first conversion of all hours for some conversion keys. A `firsts` with
 * the name of a block of `conversions` shows that the block was looked up in the index. The other kinds are merged from
 * all blocks of the minute: `clicks` has the rows without competing conversions, `visits` the visitors, and `sales` the
 * rows of the competing conversions.
 */
export const minuteKinds = ['events', 'conversions', 'firsts', 'clicks', 'visits', 'sales'] as const;
export type MinuteKind = (typeof minuteKinds)[number];

const extensions: Readonly<Record<MinuteKind, string>> = {
  events: 'bin',
  conversions: 'ndjson.gz',
  firsts: 'ndjson.gz',
  clicks: 'ndjson.gz',
  visits: 'bin',
  sales: 'ndjson.gz',
};

export type FoldObject =
  /** A group of segments whose blocks are all written. `name` is a digest over the segments. */
  | { readonly kind: 'group'; readonly generation: number; readonly name: string }
  /** Unique visitors of the whole hour, or of one part of them. `name`: a digest over the visits that were counted. */
  | {
      readonly kind: 'uniques';
      readonly generation: number;
      readonly name: string;
      readonly part: number;
      readonly of: number;
    }
  /** `minute`: 0 to 59. `name`: of the group, or a digest over the sources. */
  | { readonly kind: MinuteKind; readonly generation: number; readonly minute: number; readonly name: string };

/** The generation of `firsts` that other hours leave behind. They hold for every generation of folding. */
export const anyGeneration = 0;

/** All `firsts` that other hours left to this one. */
export function foreignFirstsPrefix(hourStartMs: number): string {
  return `${hourFoldPrefix(hourStartMs)}${String(anyGeneration).padStart(4, '0')}/`;
}

/**
 * `ledger/fold/2026-11-23T05/0001/group-<name>.json`, `ledger/fold/2026-11-23T05/0001/minute-17/events-<name>.bin`. A
 * rebuild begins a new generation, because it must not use what an earlier release folded. Groups come before minutes in
 * a listing. So a listing of several pages that shows a group also shows the blocks that were written before it.
 */
export function foldKey(hourStartMs: number, object: FoldObject): string {
  const prefix = `${hourFoldPrefix(hourStartMs)}${String(object.generation).padStart(4, '0')}/`;
  if (object.kind === 'group') return `${prefix}group-${object.name}.json`;
  if (object.kind === 'uniques') {
    return `${prefix}uniques-${object.name}-${object.part}-of-${object.of}.ndjson.gz`;
  }
  const minute = String(object.minute).padStart(2, '0');
  return `${prefix}minute-${minute}/${object.kind}-${object.name}.${extensions[object.kind]}`;
}

const groupShape = /^(\d{4})\/group-([0-9a-f]{32})\.json$/;
const minuteShape = /^(\d{4})\/minute-([0-5]\d)\/([a-z]+)-([0-9a-f]{32})\.[a-z.]+$/;

/** Undefined for a key that `foldKey` would not make for this hour, and for the uniques, which nobody lists. */
export function parseFoldKey(hourStartMs: number, key: string): Exclude<FoldObject, { kind: 'uniques' }> | undefined {
  const prefix = hourFoldPrefix(hourStartMs);
  if (!key.startsWith(prefix)) return undefined;
  const rest = key.slice(prefix.length);
  const group = groupShape.exec(rest);
  if (group) return { kind: 'group', generation: Number(group[1]), name: group[2] ?? '' };
  const [, generation, minute, kindText, name = ''] = minuteShape.exec(rest) ?? [];
  const kind = minuteKinds.find((one) => one === kindText);
  if (kind === undefined) return undefined;
  return { kind, generation: Number(generation), minute: Number(minute), name };
}

/** One part of a day's visitors, counted (day-state.ts). `sources`: a digest over what was counted. */
export function dayPartKey(day: string, sources: string, part: number, of: number): string {
  return `${foldPrefix}days/${day}/${sources}/part-${part}-of-${of}.ndjson.gz`;
}

/** 32 hex digits over the parts in their order. The length of each part counts, so `ab`, `c` differs from `a`, `bc`. */
export function digestOf(parts: Iterable<string | Uint8Array>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\n`).update(part);
  return hash.digest('hex').slice(0, 32);
}
