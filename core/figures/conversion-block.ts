import { gunzipSync, gzipSync } from 'node:zlib';
import { compareLines, encodeLine, type LoggedEvent, parseLine } from '../event/event.ts';
import { createRedact } from '../event/redaction.ts';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import { competingKey } from './conversions.ts';
import { effectOf, effectRow } from './effect.ts';
import type { FiguresRow } from './row.ts';
import { RowSum } from './row-sum.ts';

/** Conversions have no visitor mark, so the secret does not matter. */
const redact = createRedact(new Uint8Array());

/** The line of a conversion in a block: redacted, so that nothing in a block identifies a person. */
export function conversionLine(event: LoggedEvent): string {
  return encodeLine(redact(event));
}

/** The block of these conversions: NDJSON, packed. */
export function encodeConversions(events: readonly LoggedEvent[]): Uint8Array {
  return encodeConversionLines(events.map(conversionLine));
}

/** Lines begin with the id, so their order is that of the ids. Each line is there once. */
export function encodeConversionLines(lines: Iterable<string>): Uint8Array {
  const sorted = [...new Set(lines)].sort();
  return gzipSync(sorted.map((line) => `${line}\n`).join(''));
}

/** The conversions of a block, by id. Undefined when the bytes are no such block. */
export function readConversions(gzip: Uint8Array): readonly LoggedEvent[] | undefined {
  const lines = linesIn(gzip);
  const events = lines?.flatMap((line) => {
    const parsed = parseLine(line);
    return parsed.kind === 'event' ? [parsed.event] : [];
  });
  return events?.length === lines?.length ? events : undefined;
}

/** By conversion key, the smallest id of its competing conversions. Ids begin with the time, so this is the first. */
export function earliestByKey(events: readonly LoggedEvent[]): ReadonlyMap<string, string> {
  const earliest = new Map<string, string>();
  for (const event of events) {
    const key = competingKey(event);
    if (key !== undefined) keepSmallest(earliest, key, event.id);
  }
  return earliest;
}

function keepSmallest(earliest: Map<string, string>, key: string, id: string): void {
  const held = earliest.get(key);
  if (held === undefined || id < held) earliest.set(key, id);
}

/** The object `firsts` of a minute: by conversion key, the id of the first conversion of all hours. */
export function encodeFirsts(firsts: ReadonlyMap<string, string>): Uint8Array {
  const lines = [...firsts].sort().map(([key, id]) => `${JSON.stringify({ conversion_key: key, first_id: id })}\n`);
  return gzipSync(lines.join(''));
}

/** Undefined when the bytes are no such object. */
export function readFirsts(gzip: Uint8Array): ReadonlyMap<string, string> | undefined {
  const firsts = new Map<string, string>();
  const lines = linesIn(gzip);
  for (const line of lines ?? []) {
    const { conversion_key: key, first_id: id } = parseObject(line) ?? {};
    if (typeof key !== 'string' || typeof id !== 'string') return undefined;
    firsts.set(key, id);
  }
  return lines && firsts;
}

function linesIn(gzip: Uint8Array): readonly string[] | undefined {
  try {
    const text = gunzipSync(gzip, { maxOutputLength: limits.fold.objectBytesMax }).toString();
    return text.split('\n').filter((line) => line !== '');
  } catch {
    return undefined;
  }
}

/**
 * The rows of the conversions of some blocks, each event id once. A key counts at its smallest id, unless one of
 * `firsts` names a smaller one elsewhere. All others of the key are duplicates.
 */
export function mergeConversions(
  events: readonly LoggedEvent[],
  firsts: readonly ReadonlyMap<string, string>[],
): readonly FiguresRow[] {
  const distinct = distinctById(events);
  const earliest = new Map(earliestByKey(distinct));
  for (const map of firsts) for (const [key, id] of map) keepSmallest(earliest, key, id);
  const sum = new RowSum();
  for (const event of distinct) {
    const key = competingKey(event);
    const effect = effectOf(event, key !== undefined && earliest.get(key) !== event.id);
    if (effect) sum.add([effectRow(effect)]);
  }
  return sum.rows();
}

/** Blocks hold redacted lines. So lines of one id differ only when somebody changed the log: `compareLines` decides. */
function distinctById(events: readonly LoggedEvent[]): readonly LoggedEvent[] {
  const byId = new Map<string, LoggedEvent>();
  for (const event of events) {
    const held = byId.get(event.id);
    if (held === undefined || compareLines(encodeLine(event), encodeLine(held)) < 0) byId.set(event.id, event);
  }
  return [...byId.values()];
}
