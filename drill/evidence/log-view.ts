import { type LoggedEvent, parseLine } from '../../core/event/event.ts';
import { readSegment } from '../../core/log/segment.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { isSpoiled, type PlantedObject } from '../faults/planted-object.ts';

/** One region's event log as the checks see it: every segment opened, every line parsed. */
export interface LogView {
  readonly region: string;
  readonly segments: ReadonlyMap<string, SegmentView>;
  /** Each event once, by id, even when several segments hold it. */
  readonly events: ReadonlyMap<string, LoggedEvent>;
}

export interface SegmentView {
  readonly lines: readonly string[];
  readonly events: readonly LoggedEvent[];
  /** Why the segment or some of its lines could not be read. */
  readonly problems: readonly string[];
  /** Compressed, as stored. */
  readonly bytes: number;
}

/**
 * Reads only `keys`, because the checks compare both logs at one moment. A copy that the drill itself spoiled is read
 * from the other region. An object that is spoiled everywhere is left out.
 */
export function readLog(
  cloud: LocalCloud,
  region: string,
  keys: readonly string[],
  plants: readonly PlantedObject[] = [],
): LogView {
  const segments = new Map(
    keys.flatMap((key) => {
      const home = cloud.regions.find((one) => !isSpoiled(plants, one, key));
      const source = isSpoiled(plants, region, key) ? home : region;
      return source === undefined ? [] : [[key, readSegmentView(cloud.logObject(source, key))] as const];
    }),
  );
  const events = new Map<string, LoggedEvent>();
  for (const segment of segments.values()) for (const event of segment.events) events.set(event.id, event);
  return { region, segments, events };
}

function readSegmentView(body: Uint8Array): SegmentView {
  const read = readSegment(body);
  if (read.kind === 'unreadable') return { lines: [], events: [], problems: [read.reason], bytes: body.length };
  const parsed = read.lines.map(parseLine);
  return {
    lines: read.lines,
    events: parsed.flatMap((line) => (line.kind === 'event' ? [line.event] : [])),
    problems: parsed.flatMap((line) => (line.kind === 'rejected' ? [`a line is ${line.reason}`] : [])),
    bytes: body.length,
  };
}
