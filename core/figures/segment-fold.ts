import { knownTypeOf, type LineFault, type LoggedEvent, parseLine } from '../event/event.ts';
import { hourName, type LogKey } from '../log/log-key.ts';
import { openSegmentBytes, type SegmentFault } from '../log/segment.ts';
import { competingKey } from './conversions.ts';
import { claimResult, type ProvisionalClaims } from './provisional-claim.ts';
import type { FiguresRow } from './row.ts';
import { FiguresTally } from './tally.ts';

export type FoldedSegment =
  | SegmentFold
  /** The bytes are not the segment of the key. */
  | { readonly kind: 'unreadable'; readonly reason: SegmentFault };

/** A segment whose events are counted, except the conversions that compete for a conversion key. */
export interface SegmentFold {
  readonly kind: 'folded';
  /** 0 for a tombstone. */
  readonly eventCount: number;
  /** How many of these only a later release understands. They are in no rows. */
  readonly unknownCount: number;
  /** Lines that are no events. They are left out, so that they do not harm their neighbours. */
  readonly faults: readonly LineFault[];
  readonly competing: readonly LoggedEvent[];
  /**
   * The provisional rows, in the order of their keys. May be called once. `claims` must hold every key for which events
   * compete. Equal claims give equal rows. Visitors are told apart within this segment only, so the sum over an hour's
   * segments is an upper bound.
   */
  rows(claims: ProvisionalClaims): readonly FiguresRow[];
}

/** Counts each line right after parsing it. Keeping thousands of events would cost more in garbage collection. */
export function foldSegment(key: LogKey, gzip: Uint8Array): FoldedSegment {
  const opened = openSegmentBytes(key, gzip);
  if (opened.kind === 'unreadable') return opened;
  const tally = new FiguresTally(hourName(key.hourStartMs));
  const faults: LineFault[] = [];
  const competing: LoggedEvent[] = [];
  let eventCount = 0;
  let unknownCount = 0;
  const text = opened.plain.toString();
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    if (end === start) continue;
    const parsed = parseLine(text.slice(start, end));
    if (parsed.kind === 'rejected') {
      faults.push(parsed.reason);
      continue;
    }
    eventCount += 1;
    if (knownTypeOf(parsed.event) === undefined) unknownCount += 1;
    if (competingKey(parsed.event) === undefined) tally.add(parsed.event);
    else competing.push(parsed.event);
  }
  return {
    kind: 'folded',
    eventCount,
    unknownCount,
    faults,
    competing,
    rows: (claims) => addCompeting(key, tally, competing, claims),
  };
}

function addCompeting(key: LogKey, tally: FiguresTally, competing: readonly LoggedEvent[], claims: ProvisionalClaims) {
  for (const event of competing) {
    const result = claimResult(event, key.segmentId, claims);
    if (result !== 'elsewhere') tally.add(event, result === 'duplicate');
  }
  return tally.rows();
}
