import { answerText, callOutcome } from '../../../core/call-outcome.ts';
import type { LoggedEvent } from '../../../core/event/event.ts';
import { readConversions } from '../../../core/figures/conversion-block.ts';
import { readEventBlock } from '../../../core/figures/event-block.ts';
import { mergeEvents } from '../../../core/figures/merge-events.ts';
import { type FiguresRow, withoutUniques } from '../../../core/figures/row.ts';
import { RowSum } from '../../../core/figures/row-sum.ts';
import { type MinuteBlocks, SegmentGroup } from '../../../core/figures/segment-group.ts';
import { UniqueVisitors, visitsRanges } from '../../../core/figures/visits.ts';
import {
  mergeOperatorKeys,
  OperatorKeys,
  operatorKeysKey,
  parseOperatorKeys,
} from '../../../core/keys/operator-keys.ts';
import type { ListedSegment } from '../../../core/ledger/listing.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourName } from '../../../core/log/log-key.ts';
import { readSegments, type SegmentSource } from '../../../eventlog/read-segments.ts';
import { plural, utcHour } from '../../cli/format.ts';

/** An hour could not be compared. The message says why. */
export class NotCompared extends Error {}

/** An hour of a log, each event once. */
export interface FoldedLog {
  readonly events: number;
  /** Lines of events that another segment, or another line, holds too. */
  readonly repeated: number;
  /** Events that only a later release understands: they are in no figures. */
  readonly unknown: number;
  /** Keys that can be read in no log. */
  readonly unreadable: readonly string[];
  /** Without conversions and adjustments. */
  readonly rows: readonly FiguresRow[];
  /** Events of conversions and adjustments. How these count depends on all other hours. */
  readonly conversions: readonly LoggedEvent[];
}

interface Logs {
  readonly own: SegmentSource;
  readonly other: SegmentSource;
}

const { segmentsAtOnce, eventsMax } = limits.reconcile;
const { groupBytesMax, groupSegmentsMax } = limits.fold;

/**
 * Folds an hour as `stats` and `ledger` do, but writes nothing. Needs 48 bytes of memory for an event, some more for the
 * minute that is merged, and 32 bytes for a visitor. Throws a NotCompared.
 */
export async function foldLog(
  hourStartMs: number,
  segments: readonly ListedSegment[],
  logs: Logs,
  progress: (line: string) => void,
  mostEvents: number = eventsMax,
): Promise<FoldedLog> {
  const hour = utcHour(hourName(hourStartMs));
  const blocks: MinuteBlocks[] = [];
  const unreadable: string[] = [];
  let [lines, doneCount] = [0, 0];
  for (const some of groupsOf(segments)) {
    const group = new SegmentGroup(hourStartMs);
    unreadable.push(...(await readGroup(some, logs, group, mostEvents - lines)));
    lines += group.eventCount;
    const { operatorEvents } = group;
    blocks.push(...group.blocks(operatorEvents.length > 0 ? await keysFor(operatorEvents, logs) : undefined));
    doneCount += some.length;
    progress(`${hour}: ${doneCount} of ${segments.length} segments read`);
  }
  const folded = mergeMinutes(blocks);
  return { ...folded, repeated: lines - folded.events, unreadable };
}

/** As a fold finds them: in the region's own log, and in the other one for keys that the own log does not know. */
async function keysFor(events: readonly LoggedEvent[], { own, other }: Logs): Promise<OperatorKeys> {
  const ownKeys = await readKeys(own);
  if (events.every(({ operator }) => ownKeys.has(operator))) return ownKeys;
  return new OperatorKeys(mergeOperatorKeys([ownKeys.keys, (await readKeys(other)).keys]));
}

async function readKeys(log: SegmentSource): Promise<OperatorKeys> {
  const object = await log.get(operatorKeysKey);
  if (object.kind !== 'ok' && callOutcome(object.answer) === 'missing') return new OperatorKeys([]);
  const keys = object.kind === 'ok' ? parseOperatorKeys(object.value.body) : undefined;
  if (keys !== undefined) return keys;
  const why = object.kind === 'ok' ? 'cannot be understood' : answerText(object.answer);
  throw new NotCompared(`${log.name}: ${operatorKeysKey}: ${why}`);
}

/** Few enough segments to be read in one piece. */
function groupsOf(segments: readonly ListedSegment[]): readonly (readonly ListedSegment[])[] {
  const groups: ListedSegment[][] = [];
  let sizeBytes = 0;
  for (const segment of segments) {
    const group = groups.at(-1);
    sizeBytes += segment.sizeBytes;
    if (group !== undefined && group.length < groupSegmentsMax && sizeBytes <= groupBytesMax) {
      group.push(segment);
    } else {
      groups.push([segment]);
      sizeBytes = segment.sizeBytes;
    }
  }
  return groups;
}

/** No end, because a person waits as long as the hour takes. The command itself names the unreadable segments. */
const patient = { readsAtOnceMax: segmentsAtOnce, isOver: () => false, log: { error: () => {} } };

/** Gives the keys that can be read in no log. */
async function readGroup(
  segments: readonly ListedSegment[],
  logs: Logs,
  group: SegmentGroup,
  mostEvents: number,
): Promise<readonly string[]> {
  const read = await readSegments(segments, { ...logs, ...patient }, (plain) => {
    group.add(plain);
    return group.eventCount > mostEvents ? 'stop' : 'go on';
  });
  if (group.eventCount > mostEvents) throw tooManyEvents();
  if (read.kind === 'read') return read.unreadable;
  const reason = read.kind === 'failed' ? `${read.key}: ${answerText(read.answer)}` : read.kind;
  throw new NotCompared(`${logs.own.name}: ${reason}`);
}

export function tooManyEvents(): NotCompared {
  return new NotCompared(
    `the hour has more than ${plural(eventsMax, 'event')}, which is more than this command holds in memory: compare the two regions' digests, or run rebuild`,
  );
}

function mergeMinutes(blocks: readonly MinuteBlocks[]): Omit<FoldedLog, 'repeated' | 'unreadable'> {
  const minutes = [...new Set(blocks.map(({ minute }) => minute))].sort((one, other) => one - other);
  const [sum, visitors] = [new RowSum(), new UniqueVisitors()];
  const conversions: LoggedEvent[] = [];
  const counts = { events: 0, unknown: 0 };
  for (const minute of minutes) {
    const ofMinute = blocks.filter((block) => block.minute === minute);
    const merged = mergeEvents(
      ofMinute.flatMap(({ events }) => readEventBlock(events) ?? []),
      Number.POSITIVE_INFINITY,
    );
    if (merged === 'too-many') throw tooManyEvents();
    counts.events += merged.counts.events;
    counts.unknown += merged.counts.unknown;
    sum.add(merged.rows.map(withoutUniques));
    addVisits(visitors, merged.visits);
    for (const { conversions: block } of ofMinute) conversions.push(...((block && readConversions(block)) ?? []));
  }
  sum.add(visitors.rows());
  return { ...counts, rows: sum.rows(), conversions };
}

function addVisits(visitors: UniqueVisitors, visits: Uint8Array): void {
  if (visits.length === 0) return;
  const { rows, entries } = visitsRanges(visits, 0, 1);
  const at = ({ fromByte, lengthBytes }: typeof rows) => visits.subarray(fromByte, fromByte + lengthBytes);
  visitors.add(at(rows), at(entries));
}
