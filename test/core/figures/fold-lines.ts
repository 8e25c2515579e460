import { type LoggedEvent, parseLine } from '../../../core/event/event.ts';
import { uuidTimeMs } from '../../../core/event/uuid.ts';
import { readConversions } from '../../../core/figures/conversion-block.ts';
import { type EventBlock, readEventBlock } from '../../../core/figures/event-block.ts';
import { type MergedEvents, mergeEvents } from '../../../core/figures/merge-events.ts';
import { mergeSales, smallestMarks } from '../../../core/figures/merge-sales.ts';
import { type FiguresRow, withoutUniques } from '../../../core/figures/row.ts';
import { RowSum } from '../../../core/figures/row-sum.ts';
import { type MinuteBlocks, SegmentGroup } from '../../../core/figures/segment-group.ts';
import { UniqueVisitors, visitsHeadBytes, visitsRanges } from '../../../core/figures/visits.ts';
import { minuteMs } from '../../../core/log/log-key.ts';

/** Lines as the unpacked bytes of a segment. */
export function plainOf(lines: readonly string[]): Uint8Array {
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

/** The blocks that a group of segments leaves. */
export function groupBlocks(hourStartMs: number, segments: readonly (readonly string[])[]): readonly MinuteBlocks[] {
  const group = new SegmentGroup(hourStartMs);
  for (const lines of segments) group.add(plainOf(lines));
  return group.blocks();
}

/** The minutes of an hour with events, in order, each merged from all its blocks. */
export function mergedMinutes(blocks: readonly MinuteBlocks[]): readonly MergedEvents[] {
  const minutes = [...new Set(blocks.map(({ minute }) => minute))].sort((one, other) => one - other);
  return minutes.map((minute) => merged(blocks.filter((block) => block.minute === minute)));
}

function merged(blocks: readonly MinuteBlocks[]): MergedEvents {
  const result = mergeEvents(
    blocks.map(({ events }) => readBlock(events)),
    100_000,
  );
  if (result === 'too-many') throw new Error('the minute has too many events');
  return result;
}

function readBlock(bytes: Uint8Array): EventBlock {
  const block = readEventBlock(bytes);
  if (block === undefined) throw new Error('the block cannot be read');
  return block;
}

/** All events of conversions and adjustments in the blocks, with repetitions. */
function conversionsIn(blocks: readonly MinuteBlocks[]): readonly LoggedEvent[] {
  return blocks.flatMap(({ conversions }) => {
    const events = conversions === undefined ? [] : readConversions(conversions);
    if (events === undefined) throw new Error('the conversions cannot be read');
    return events;
  });
}

/** The rows of conversions when every minute knows the events of all minutes. */
export function salesRows(events: readonly LoggedEvent[]): readonly FiguresRow[] {
  const sum = new RowSum();
  for (const minute of new Set(events.map(({ id }) => Math.floor(uuidTimeMs(id) / minuteMs)))) {
    const own = events.filter(({ id }) => Math.floor(uuidTimeMs(id) / minuteMs) === minute);
    const minuteSales = { startMs: minute * minuteMs, own, received: events, firsts: [smallestMarks(events)] };
    sum.add(mergeSales(minuteSales).rows);
  }
  return sum.rows();
}

/** The visitors of some minutes, counted in `of` parts. */
export function visitorsOf(minutes: readonly MergedEvents[], of = 1): readonly UniqueVisitors[] {
  return Array.from({ length: of }, (_, part) => {
    const visitors = new UniqueVisitors();
    for (const { visits } of minutes) {
      if (visits.length > 0 && !addPart(visitors, visits, part, of)) throw new Error('the visits cannot be read');
    }
    return visitors;
  });
}

function addPart(visitors: UniqueVisitors, visits: Uint8Array, part: number, of: number): boolean {
  const { rows, entries } = visitsRanges(visits.subarray(0, visitsHeadBytes), part, of);
  const [rowBytes, entryBytes] = [rows, entries].map(({ fromByte, lengthBytes }) =>
    visits.subarray(fromByte, fromByte + lengthBytes),
  );
  return visitors.add(rowBytes ?? new Uint8Array(), entryBytes ?? new Uint8Array());
}

/**
 * The final rows of an hour from its blocks: each visitor counts once an hour, and each conversion key once among these
 * blocks.
 */
export function finalRows(blocks: readonly MinuteBlocks[]): readonly FiguresRow[] {
  const minutes = mergedMinutes(blocks);
  const sum = new RowSum();
  for (const { rows } of minutes) sum.add(rows.map(withoutUniques));
  for (const visitors of visitorsOf(minutes)) sum.add(visitors.rows());
  sum.add(salesRows(conversionsIn(blocks)));
  return sum.rows();
}

/** The final rows of lines that come in one segment. */
export function foldLines(hourStartMs: number, lines: readonly string[]): readonly FiguresRow[] {
  return finalRows(groupBlocks(hourStartMs, [lines]));
}

export function eventOf(line: string): LoggedEvent {
  const parsed = parseLine(line);
  if (parsed.kind === 'rejected') throw new Error(parsed.reason);
  return parsed.event;
}
