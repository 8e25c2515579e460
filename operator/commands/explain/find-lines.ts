import { knownTypeOf, type LoggedEvent, parseLine } from '../../../core/event/event.ts';
import { inParallel } from '../../../core/in-parallel.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourName } from '../../../core/log/log-key.ts';
import { readSegment } from '../../../core/log/segment.ts';
import { utcHour } from '../../cli/format.ts';
import { type AskedLog, hourOfLogs, readFromEither } from '../../clients/both-logs.ts';

/** Which lines are searched for. */
export interface LineQuery {
  readonly transactionId: string;
  /** Conversion keys that the transaction's conversions may have. */
  readonly conversionKeys: readonly string[];
}

/** A line of a segment with an event of the transaction. */
export interface FoundLine {
  readonly key: string;
  /** From 1. */
  readonly line: number;
  readonly event: LoggedEvent;
}

export interface Search {
  readonly found: readonly FoundLine[];
  readonly segmentsRead: number;
  /** Keys of segments that could be read from neither log. */
  readonly unreadable: readonly string[];
  /** Names of hours that were not searched completely. */
  readonly unfinished: readonly string[];
}

const { segmentsMax, segmentsAtOnce } = limits.explain;

/**
 * Reads every segment of these hours that either log has, once, from the log that answers. The same key holds the same
 * lines in both logs.
 */
export async function findLines(
  logs: readonly AskedLog[],
  hours: readonly number[],
  subject: LineQuery,
  progress: (line: string) => void,
): Promise<Search> {
  const found: FoundLine[] = [];
  const [unreadable, unfinished]: [string[], string[]] = [[], []];
  let segmentsRead = 0;
  for (const [index, hour] of hours.entries()) {
    const listed = await hourOfLogs(logs, hour);
    const segments = listed.segments.slice(0, segmentsMax - segmentsRead);
    await inParallel(segments, segmentsAtOnce, async ({ key }) => {
      const lines = await linesWith(logs, key, subject);
      if (lines) found.push(...lines);
      else unreadable.push(key);
    });
    segmentsRead += segments.length;
    if (!listed.isWhole || segments.length < listed.segments.length) unfinished.push(utcHour(hourName(hour)));
    if (segments.length > 0)
      progress(`${utcHour(hourName(hour))} (hour ${index + 1} of ${hours.length}): ${found.length} lines found`);
  }
  return { found: found.sort(byIdThenKey), segmentsRead, unreadable, unfinished };
}

function byIdThenKey(one: FoundLine, other: FoundLine): number {
  return one.event.id === other.event.id ? compare(one.key, other.key) : compare(one.event.id, other.event.id);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : 1;
}

/** Undefined when neither log has a readable copy. */
function linesWith(logs: readonly AskedLog[], key: string, subject: LineQuery) {
  return readFromEither(logs, key, ({ body }) => {
    const segment = readSegment(body);
    if (segment.kind === 'unreadable') return undefined;
    return segment.lines.flatMap((text, index) => foundIn(key, text, index, subject));
  });
}

function foundIn(key: string, text: string, index: number, subject: LineQuery): readonly FoundLine[] {
  const names = [subject.transactionId, ...subject.conversionKeys];
  if (!names.some((name) => text.includes(name))) return [];
  const parsed = parseLine(text);
  if (parsed.kind !== 'event' || !isAbout(parsed.event, subject.transactionId, names)) return [];
  return [{ key, line: index + 1, event: parsed.event }];
}

/** A later release may name the transaction, or its conversion, under a key that this one does not know. */
function isAbout(event: LoggedEvent, transactionId: string, names: readonly string[]): boolean {
  if (event['txn'] === transactionId) return true;
  return knownTypeOf(event) === undefined && Object.values(event).some((value) => names.includes(`${value}`));
}
