import { createHash } from 'node:crypto';
import { hourMs, hourName, hourPrefix, minuteMs, parseHourName } from '../log/log-key.ts';

/**
 * Where figures are kept: in the bucket of the log, under `ledger/`. An object with a digest in its name never changes.
 * The digest is over its content or its sources. Only `state.json` of an hour or a day changes, by compare-and-swap.
 */

/** The prefix of the figures and states of all hours. Their keys sort by hour. */
export const hoursPrefix = 'ledger/dt=';

/** The hour whose rows have this key: `2026-11-23T05`. Undefined for any other key. */
export function hourOfFigures(key: string): string | undefined {
  const [, day, hour] = /^ledger\/dt=(\d{4}-\d{2}-\d{2})\/hr=(\d{2})\/figures-/.exec(key) ?? [];
  return day && `${day}T${hour}`;
}

/** The prefix of the figures and states of an hour: `ledger/dt=2026-11-23/hr=05/`. */
export function publishedPrefix(hourStartMs: number): string {
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

/** Rows of a quarter of an hour (figures-object.ts). */
export function figuresKey(hourStartMs: number, digest: string): string {
  return `${publishedPrefix(hourStartMs)}figures-${digest}.ndjson.gz`;
}

/** Conversions and clicks of a quarter of an hour that take room of hard caps (core/caps/capped.ts). */
export function cappedKey(hourStartMs: number, digest: string): string {
  return `${publishedPrefix(hourStartMs)}capped-${digest}.ndjson.gz`;
}

/** Which unique visitors of a day are in force (day-state.ts). `day`: in the network's time zone, `2026-11-23`. */
export function dayStateKey(day: string): string {
  return `ledger/days/${day}/state.json`;
}

/** The unique visitors of a day by offer and affiliate (day-state.ts). */
export function dayUniquesKey(day: string, digest: string): string {
  return `ledger/days/${day}/uniques-${digest}.ndjson.gz`;
}

/** What hard caps change in the figures of a day (core/caps/day-caps.ts). */
export function dayCapsKey(day: string, digest: string): string {
  return `ledger/days/${day}/caps-${digest}.ndjson.gz`;
}

/** The prefix of fold objects, from which figures are made. These objects expire (`limits.fold.keptDays`). */
export const foldPrefix = 'ledger/fold/';

/** The prefix of fold objects of conversions. They are kept as long as figures, because a decision can come much later. */
export const conversionsPrefix = 'ledger/conversions/';

/** The prefix of an hour's groups, and of what is made of all events but conversions: `ledger/fold/2026-11-23T05/`. */
export function hourFoldPrefix(hourStartMs: number): string {
  return `${foldPrefix}${hourName(hourStartMs)}/`;
}

/** The prefix of what is made of an hour's conversions and adjustments: `ledger/conversions/2026-11-23T05/`. */
export function hourConversionsPrefix(hourStartMs: number): string {
  return `${conversionsPrefix}${hourName(hourStartMs)}/`;
}

/**
 * The kinds of fold objects of one minute. `events` and `conversions` are the two kinds of blocks: what a group of
 * segments has of the minute. `clicks` and `visits` are merged from all blocks of events: the rows without conversions,
 * and the visitors.
 */
const eventKinds = ['events', 'clicks', 'visits'] as const;

/**
 * `firsts` has the first event of all hours for some keys of conversions. A `firsts` with the name of a block of
 * `conversions` shows that the block was looked up in the index. `later` has events of other minutes that belong to a
 * conversion, or to a day, of this minute. `sales` is merged from all these: the rows of conversions and adjustments.
 */
const conversionKinds = ['conversions', 'firsts', 'later', 'sales'] as const;

export const minuteKinds = [...eventKinds, ...conversionKinds] as const;
export type MinuteKind = (typeof minuteKinds)[number];

const extensions: Readonly<Record<MinuteKind, string>> = {
  events: 'bin',
  conversions: 'ndjson.gz',
  firsts: 'ndjson.gz',
  later: 'ndjson.gz',
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

/** The generation of `firsts` and `later` that other minutes leave behind. They hold for every generation of folding. */
export const anyGeneration = 0;

/** All `firsts` and `later` that other minutes left to an hour. */
export function receivedPrefix(hourStartMs: number): string {
  return `${hourConversionsPrefix(hourStartMs)}${generationName(anyGeneration)}`;
}

function generationName(generation: number): string {
  return `${String(generation).padStart(4, '0')}/`;
}

/**
 * `ledger/fold/2026-11-23T05/0002/group-<name>.json`, `ledger/fold/2026-11-23T05/0002/minute-17/events-<name>.bin`,
 * `ledger/conversions/2026-11-23T05/0002/minute-17/conversions-<name>.ndjson.gz`. A rebuild begins a new generation,
 * because it must not use what an earlier release folded. Groups are listed before all minutes. So a listing that shows a
 * group also shows the blocks that were written before it.
 */
export function foldKey(hourStartMs: number, object: FoldObject): string {
  const ofHour = isConversionKind(object.kind) ? hourConversionsPrefix(hourStartMs) : hourFoldPrefix(hourStartMs);
  const prefix = `${ofHour}${generationName(object.generation)}`;
  if (object.kind === 'group') return `${prefix}group-${object.name}.json`;
  if (object.kind === 'uniques') {
    return `${prefix}uniques-${object.name}-${object.part}-of-${object.of}.ndjson.gz`;
  }
  const minute = String(object.minute).padStart(2, '0');
  return `${prefix}minute-${minute}/${object.kind}-${object.name}.${extensions[object.kind]}`;
}

function isConversionKind(kind: string): boolean {
  return (conversionKinds as readonly string[]).includes(kind);
}

const groupShape = /^(\d{4})\/group-([0-9a-f]{32})\.json$/;
const minuteShape = /^(\d{4})\/minute-([0-5]\d)\/([a-z]+)-([0-9a-f]{32})\.[a-z.]+$/;

/** Undefined for a key that `foldKey` would not make for this hour, and for the uniques, which nobody lists. */
export function parseFoldKey(hourStartMs: number, key: string): Exclude<FoldObject, { kind: 'uniques' }> | undefined {
  const prefixes = [hourFoldPrefix(hourStartMs), hourConversionsPrefix(hourStartMs)];
  const prefix = prefixes.find((one) => key.startsWith(one));
  if (prefix === undefined) return undefined;
  const rest = key.slice(prefix.length);
  const group = groupShape.exec(rest);
  if (group) return { kind: 'group', generation: Number(group[1]), name: group[2] ?? '' };
  const [, generation, minute, kindText, name = ''] = minuteShape.exec(rest) ?? [];
  const kind = minuteKinds.find((one) => one === kindText);
  if (kind === undefined) return undefined;
  return { kind, generation: Number(generation), minute: Number(minute), name };
}

/**
 * The prefix of facts: texts of strangers that partners get back in postbacks (facts-block.ts). They expire
 * (`limits.facts.keptDays`). No generation of folding owns them, because facts of each generation are the same.
 */
export const factsPrefix = 'ledger/facts/';

export function hourFactsPrefix(hourStartMs: number): string {
  return `${factsPrefix}${hourName(hourStartMs)}/`;
}

export function minuteFactsPrefix(minuteStartMs: number): string {
  const minute = (minuteStartMs % hourMs) / minuteMs;
  return `${hourFactsPrefix(minuteStartMs)}minute-${String(minute).padStart(2, '0')}/`;
}

/** What a group of segments has of a minute: `ledger/facts/2026-11-23T05/minute-17/<name of the group>.bin`. */
export function factsKey(minuteStartMs: number, name: string): string {
  return `${minuteFactsPrefix(minuteStartMs)}${name}.bin`;
}

/** Start of the minute that a block of facts is about. Undefined for a key that `factsKey` would not make. */
export function parseFactsKey(key: string): number | undefined {
  const [, hour = '', minute] = /^ledger\/facts\/([^/]+)\/minute-([0-5]\d)\/[0-9a-f]{32}\.bin$/.exec(key) ?? [];
  const hourStartMs = parseHourName(hour);
  return Number.isNaN(hourStartMs) ? undefined : hourStartMs + Number(minute) * minuteMs;
}

/** The prefix of pointers to hours that received something from other hours. */
export const toldPrefix = 'ledger/told/';

/** The prefix of all pointers of an hour of delivery, or of a day: `name` is `2026-11-23T05` or `2026-11-23`. */
export function toldPrefixOf(name: string): string {
  return `${toldPrefix}${name}`;
}

/** An empty object: in the hour of `nowMs` somebody left `firsts` or `later` in the hour that begins at `hourStartMs`. */
export function toldKey(nowMs: number, hourStartMs: number): string {
  return `${toldPrefixOf(hourName(nowMs))}/${hourName(hourStartMs)}`;
}

/** Start of the hour that received something. Undefined for a key that `toldKey` would not make. */
export function parseToldKey(key: string): number | undefined {
  const hourStartMs = parseHourName(key.split('/').at(-1) ?? '');
  return key.startsWith(toldPrefix) && !Number.isNaN(hourStartMs) ? hourStartMs : undefined;
}

/** The prefix of sums of days and months (sums.ts). They stand outside `ledger/`, because sums of months never expire. */
export const sumsPrefix = 'sums/';

/** The prefix of sums of days. They expire with the figures. The sum of their month stays. */
export const daySumsPrefix = `${sumsPrefix}days/`;

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
