import type { ErasureCriterion } from '../../../core/event/erasure.ts';
import { inParallel } from '../../../core/in-parallel.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, parseLogKey } from '../../../core/log/log-key.ts';
import type { LogVersion, VersionedLog } from '../../clients/versioned-log.ts';
import { type FactsByMinute, noteFacts } from './erase-facts.ts';
import type { HourRange } from './erase-options.ts';
import { isHalfErased, isRedactable, isUnreadable, meantIn, readHistory, type VersionsByLog } from './erase-segment.ts';

export interface Scan {
  readonly segmentsRead: number;
  /** Segments with events to redact in any version, and segments whose erasure was interrupted; sorted. */
  readonly keys: readonly string[];
  /** Type of each event, by id. */
  readonly events: ReadonlyMap<string, string>;
  /** The same for matching events that stay unchanged, because only a later release understands them. */
  readonly notUnderstood: ReadonlyMap<string, string>;
  /** How many of `keys` have an interrupted erasure. */
  readonly halfErased: number;
  readonly unreadable: readonly string[];
  /** The facts of `events`. */
  readonly facts: FactsByMinute;
}

/** Reads every version of every segment of these hours in both logs. Throws a LogFailure. */
export async function scanLogs(
  logs: readonly VersionedLog[],
  range: HourRange,
  criterion: ErasureCriterion,
  progress: (line: string) => void,
): Promise<Scan> {
  const found = { segmentsRead: 0, keys: [] as string[], halfErased: 0, unreadable: [] as string[] };
  const events = new Map<string, string>();
  const notUnderstood = new Map<string, string>();
  const facts: FactsByMinute = new Map();
  for (const day of daysOf(range)) {
    const segments = [...(await segmentsOfDay(logs, day, range))];
    await inParallel(segments, limits.erasure.segmentsAtOnce, async ([key, versions]) => {
      const history = await readHistory(key, versions);
      const meant = meantIn(history, criterion);
      const redactable = meant.filter(isRedactable);
      noteFacts(facts, redactable);
      const halfErased = isHalfErased(history);
      for (const event of meant) (isRedactable(event) ? events : notUnderstood).set(event.id, event.type);
      if (isUnreadable(history)) found.unreadable.push(key);
      else if (redactable.length > 0 || halfErased) found.keys.push(key);
      found.halfErased += Number(halfErased);
    });
    found.segmentsRead += segments.length;
    if (segments.length > 0) progress(`${day}: ${segments.length} segments read, ${events.size} events found so far`);
  }
  return { ...found, keys: found.keys.sort(), unreadable: found.unreadable.sort(), events, notUnderstood, facts };
}

const dayMs = 24 * hourMs;

/** `2026-11-23`, and so on. */
function daysOf({ fromMs, toMs }: HourRange): string[] {
  const firstMs = fromMs - (fromMs % dayMs);
  const count = Math.floor((toMs - firstMs) / dayMs) + 1;
  return Array.from({ length: count }, (_, index) => new Date(firstMs + index * dayMs).toISOString().slice(0, 10));
}

async function segmentsOfDay(
  logs: readonly VersionedLog[],
  day: string,
  { fromMs, toMs }: HourRange,
): Promise<ReadonlyMap<string, VersionsByLog>> {
  const listed = await Promise.all(logs.map(async (log) => [log, await log.versions(`log/dt=${day}/`)] as const));
  const segments = new Map<string, Map<VersionedLog, LogVersion[]>>();
  for (const [log, versions] of listed) {
    for (const version of versions) {
      const hour = parseLogKey(version.key)?.hourStartMs;
      if (hour === undefined || hour < fromMs || hour > toMs) continue;
      const ofKey = segments.get(version.key) ?? new Map(logs.map((each) => [each, []]));
      segments.set(version.key, ofKey);
      ofKey.get(log)?.push(version);
    }
  }
  return segments;
}
