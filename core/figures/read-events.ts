import { type LineFault, type LoggedEvent, parseLine } from '../event.ts';
import { type LogKey, logKey } from '../log-key.ts';
import { readSegment, type SegmentFault, segmentFault, segmentKey } from '../segment.ts';

export type ReadEvents =
  | {
      readonly kind: 'read';
      /** In the order of their ids, each id once; none in a tombstone. */
      readonly events: readonly LoggedEvent[];
      /** Lines that are no events of ours: left out, for they must not cost their neighbours anything. */
      readonly faults: readonly LineFault[];
    }
  | { readonly kind: 'unreadable'; readonly reason: SegmentFault };

/** The events that lie under a key, after making sure that they are what the key says: lines are parsed once for all of it. */
export function readEvents(key: LogKey, gzip: Uint8Array): ReadEvents {
  const segment = readSegment(gzip);
  if (segment.kind === 'unreadable') return segment;
  const events: LoggedEvent[] = [];
  const faults: LineFault[] = [];
  for (const line of segment.lines) {
    const parsed = parseLine(line);
    if (parsed.kind === 'event') events.push(parsed.event);
    else faults.push(parsed.reason);
  }
  const reason = segment.lines.length === 0 ? undefined : contentFault(key, gzip, events, faults.length === 0);
  return reason === undefined ? { kind: 'read', events, faults } : { kind: 'unreadable', reason };
}

/** Ids that were parsed need no second reading of the bytes; lines that could not be parsed may still have the right ids. */
function contentFault(
  key: LogKey,
  gzip: Uint8Array,
  events: readonly LoggedEvent[],
  isWhole: boolean,
): SegmentFault | undefined {
  if (!isWhole) return segmentFault(key, gzip);
  const ids = events.map(({ id }) => id);
  return segmentKey(key.hourStartMs, ids) === logKey(key) ? undefined : 'other-content';
}
