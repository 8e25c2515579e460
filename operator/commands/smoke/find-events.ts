import { answerText } from '../../../core/call-outcome.ts';
import { type LoggedEvent, parseLine } from '../../../core/event/event.ts';
import { uuidTimeMs } from '../../../core/event/uuid.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourPrefix, hourStart, parseLogKey } from '../../../core/log/log-key.ts';
import { lineId, readSegment } from '../../../core/log/segment.ts';
import type { Shell } from '../../cli/shell.ts';
import { waitUntil } from '../../cli/wait-until.ts';
import type { LogClient } from '../../clients/log-client.ts';

export interface FoundEvents {
  /** Event id to event. */
  readonly events: ReadonlyMap<string, LoggedEvent>;
  /** Why the last look at the log failed. */
  readonly problem?: string;
}

/** S3 and the functions each have a clock. */
const clockSkewMs = 60_000;
const readsAtOnce = 8;

/** Reads new segments of one log until every event is found or the time is over. */
export async function findEvents(
  log: LogClient,
  region: string,
  ids: readonly string[],
  shell: Shell,
): Promise<FoundEvents> {
  const search: Search = {
    log,
    sinceMs: earliestMs(ids) - clockSkewMs,
    missing: new Set(ids),
    events: new Map(),
    seen: new Set(),
  };
  let problem: string | undefined;
  const look = async () => {
    problem = await lookThrough(search, ids);
    if (search.missing.size === 0) return { kind: 'reached' } as const;
    return { kind: 'not-yet', now: problem ?? `${search.missing.size} of ${ids.length} are not there` } as const;
  };
  await waitUntil(`all events are in the log of ${region}`, look, limits.operator.smokeWaitMs, shell);
  return { events: search.events, ...(problem !== undefined && { problem }) };
}

interface Search {
  readonly log: LogClient;
  /** Segments that were written before have none of the events. */
  readonly sinceMs: number;
  readonly missing: Set<string>;
  readonly events: Map<string, LoggedEvent>;
  /** Keys of segments that were read. */
  readonly seen: Set<string>;
}

function earliestMs(ids: readonly string[]): number {
  return ids.reduce((earliest, id) => Math.min(earliest, uuidTimeMs(id)), Number.POSITIVE_INFINITY);
}

/** Resolves to the problem; undefined when there was none. */
async function lookThrough(search: Search, ids: readonly string[]): Promise<string | undefined> {
  for (const hourStartMs of new Set(ids.map((id) => hourStart(uuidTimeMs(id))))) {
    const listed = await search.log.list(hourPrefix(hourStartMs));
    if (listed.kind === 'failed') return `it cannot be listed: ${answerText(listed.answer)}`;
    if (!listed.value.complete) return 'it has more segments in this hour than a smoke test reads';
    const fresh = listed.value.objects
      .filter(({ key, writtenAtMs }) => writtenAtMs >= search.sinceMs && !search.seen.has(key) && parseLogKey(key))
      .map(({ key }) => key);
    const problem = await readAll(search, fresh);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

async function readAll(search: Search, keys: readonly string[]): Promise<string | undefined> {
  for (let start = 0; start < keys.length && search.missing.size > 0; start += readsAtOnce) {
    if (search.seen.size >= limits.operator.smokeReadsMax) return 'it gets more segments than a smoke test reads';
    const problems = await Promise.all(keys.slice(start, start + readsAtOnce).map((key) => readOne(search, key)));
    const problem = problems.find((one) => one !== undefined);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

async function readOne({ log, missing, events, seen }: Search, key: string): Promise<string | undefined> {
  const fetched = await log.get(key);
  if (fetched.kind === 'failed') return `a segment cannot be read: ${answerText(fetched.answer)}`;
  seen.add(key);
  const segment = readSegment(fetched.value.body);
  if (segment.kind === 'unreadable') return `a segment cannot be read: ${key} is ${segment.reason}`;
  for (const line of segment.lines.filter((one) => missing.has(lineId(one)))) {
    const parsed = parseLine(line);
    if (parsed.kind !== 'event') continue;
    events.set(parsed.event.id, parsed.event);
    missing.delete(parsed.event.id);
  }
  return undefined;
}
