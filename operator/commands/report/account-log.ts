import { answerText } from '../../../core/call-outcome.ts';
import { inParallel } from '../../../core/in-parallel.ts';
import { limits } from '../../../core/limits/limits.ts';
import { AccountBook, type EventAccount, totalAccount } from '../../../core/log/accounting.ts';
import { hourPrefix, parseHourName, parseLogKey } from '../../../core/log/log-key.ts';
import { readSegment } from '../../../core/log/segment.ts';
import type { Clock } from '../../../core/ports.ts';
import type { LogClient } from '../../clients/log-client.ts';

/** What the sequence numbers in one region's log say about events that are not in it. */
export interface LogAccount {
  /** Names of the hours that were read completely, the newest first: as many as a report has time for. */
  readonly hours: readonly string[];
  /** Segments that were read, with those of an unfinished hour. With `events` they give the mean size of a segment. */
  readonly segments: number;
  readonly events: number;
  /** The account of the complete hours. */
  readonly account: EventAccount;
  /** Why the next hour was not read completely; undefined when all were. */
  readonly endedBy: string | undefined;
}

type ReadLog = Pick<LogClient, 'list' | 'get'>;

interface Reading {
  readonly log: ReadLog;
  readonly isOver: () => boolean;
  segments: number;
  events: number;
  sizeBytes: number;
  endedBy: string | undefined;
}

const { accountMs, accountBytesMax, segmentsAtOnce } = limits.report;

/**
 * Reads hours, the newest first, until the time is over or one cannot be read. `unreachable`: regions that do not
 * answer.
 */
export async function accountLog(
  region: string,
  log: ReadLog,
  hours: readonly string[],
  unreachable: readonly string[],
  clock: Clock,
): Promise<LogAccount> {
  const book = new AccountBook([region]);
  const done: string[] = [];
  const endMs = clock.nowMs() + accountMs;
  const isOver = () => clock.nowMs() >= endMs;
  const reading: Reading = { log, isOver, segments: 0, events: 0, sizeBytes: 0, endedBy: undefined };
  for (const hour of hours.toReversed()) {
    const lines = await linesOf(hour, reading);
    if (reading.endedBy !== undefined) break;
    for (const line of lines) book.addLogged(region, line);
    done.push(hour);
  }
  const { segments, events, endedBy } = reading;
  const account = totalAccount(book.accounts({ intake: [], owed: [], printed: undefined, unreachable }));
  return { hours: done, segments, events, account, endedBy };
}

const timeIsOver = 'the time for it was over';

/** All lines of an hour; none when the reading ends before or in it. */
async function linesOf(hour: string, reading: Reading): Promise<readonly string[]> {
  if (reading.isOver()) return end(timeIsOver, reading);
  const listed = await reading.log.list(hourPrefix(parseHourName(hour)));
  if (listed.kind === 'failed') return end(`the log: ${answerText(listed.answer)}`, reading);
  const { objects, complete } = listed.value;
  const segments = objects.filter(({ key }) => parseLogKey(key) !== undefined);
  const keys = segments.map(({ key }) => key);
  reading.sizeBytes += segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (complete && reading.sizeBytes <= accountBytesMax) return readAll(keys, reading);
  // These few give the mean size of a segment.
  await readAll(keys.slice(0, segmentsAtOnce), reading);
  return end('an hour has more than a report reads', reading);
}

function end(why: string, reading: Reading): readonly string[] {
  reading.endedBy ??= why;
  return [];
}

/** Skips objects that are no readable segment. */
async function readAll(keys: readonly string[], reading: Reading): Promise<readonly string[]> {
  const lines: string[] = [];
  await inParallel(keys, segmentsAtOnce, async (key) => {
    if (reading.isOver()) end(timeIsOver, reading);
    if (reading.endedBy !== undefined) return;
    const object = await reading.log.get(key);
    if (object.kind === 'failed') end(`the log: ${answerText(object.answer)}`, reading);
    else addLines(object.value.body, lines, reading);
  });
  return lines;
}

function addLines(body: Uint8Array, lines: string[], reading: Reading): void {
  const segment = readSegment(body);
  if (segment.kind === 'unreadable') return;
  for (const line of segment.lines) lines.push(line);
  reading.segments += 1;
  reading.events += segment.lines.length;
}
