import { gunzipSync, gzipSync } from 'node:zlib';
import { encodeLine, type LoggedEvent, parseLine } from '../event/event.ts';
import { createRedact } from '../event/redaction.ts';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';

/** These events have no visitor mark, so the secret does not matter. */
const redact = createRedact(new Uint8Array());

/** The line of an event in a block: redacted, so that nothing in a block identifies a person. */
export function conversionLine(event: LoggedEvent): string {
  return encodeLine(redact(event));
}

/** The block of these events: NDJSON, packed. The object `later` of a minute has the same form. */
export function encodeConversions(events: readonly LoggedEvent[]): Uint8Array {
  return encodeConversionLines(events.map(conversionLine));
}

/** Lines begin with the id, so their order is that of the ids. Each line is there once. */
export function encodeConversionLines(lines: Iterable<string>): Uint8Array {
  const sorted = [...new Set(lines)].sort();
  return gzipSync(sorted.map((line) => `${line}\n`).join(''));
}

/** The events of a block, by id. Undefined when the bytes are no such block. */
export function readConversions(gzip: Uint8Array): readonly LoggedEvent[] | undefined {
  const lines = linesIn(gzip);
  const events = lines?.flatMap((line) => {
    const parsed = parseLine(line);
    return parsed.kind === 'event' ? [parsed.event] : [];
  });
  return events?.length === lines?.length ? events : undefined;
}

/** The object `firsts` of a minute: by key, the mark of its first event of all hours (first-conversion.ts). */
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
