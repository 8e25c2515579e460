import { cpus } from 'node:os';
import { encodeLine, parseLine } from '../core/event/event.ts';
import { encodeClicks } from '../core/figures/clicks-object.ts';
import { readConversions } from '../core/figures/conversion-block.ts';
import { readEventBlock } from '../core/figures/event-block.ts';
import { type MergedEvents, mergeEvents } from '../core/figures/merge-events.ts';
import { mergeSales } from '../core/figures/merge-sales.ts';
import { type MinuteBlocks, SegmentGroup } from '../core/figures/segment-group.ts';
import { limits } from '../core/limits/limits.ts';
import { type LogKey, parseLogKey } from '../core/log/log-key.ts';
import { openSegmentBytes, segmentsOf } from '../core/log/segment.ts';
import { seededChance } from '../core/seeded-chance.ts';
import { median } from './median.ts';
import { sampleEvent } from './sample-events.ts';

/** The targets for the CPU time of an event: to fold its segment, with gunzip and parsing, and to merge its minute. */
const targets = { folding: 12, merging: 2 };
const eventsEach = 4_500;
/** A minute at 3,000 events a second. */
const segmentCount = 40;
const groupCount = 2;
const eventCount = eventsEach * segmentCount;
const rounds = 5;
const mergeCount = 5;

interface Sample {
  readonly key: LogKey;
  readonly gzip: Uint8Array;
}

const stages = ['gunzip', 'parse', 'fold', 'blocks', 'merge', 'objects'] as const;

/** CPU time of this process, including garbage collection, in microseconds an event. */
type Round = Readonly<Record<(typeof stages)[number], number>>;

/**
 * Measures how a minute of the log becomes figures, without the calls to S3. Measures CPU time and not elapsed time,
 * because other processes share the machine. Yields the lines of the report.
 */
export function* benchCount(): Generator<string> {
  const samples = makeSamples();
  yield describe(samples);
  measure(samples);
  const measured = Array.from({ length: rounds }, () => measure(samples));
  for (const stage of stages) {
    const micros = median(measured.map((round) => round[stage]));
    yield `  ${stage.padEnd(7)} ${micros.toFixed(2).padStart(6)} us an event`;
  }
  const foldings = measured.map(({ gunzip, parse, fold, blocks }) => gunzip + parse + fold + blocks);
  yield verdict('folding a segment', foldings, targets.folding);
  const mergings = measured.map(({ merge }) => merge);
  yield verdict('merging the blocks of a minute', mergings, targets.merging);
  yield `Compare these numbers only as ratios: other processes share the ${cpus().length} cores of this machine.`;
  yield 'Not included: listing and reading objects, the conversion index, adding minutes up to quarters.';
}

function describe([sample]: readonly Sample[]): string {
  if (!sample) throw new Error('there is no segment');
  const lineBytes = plainOf(sample).length / eventsEach;
  return `one minute of ${segmentCount} segments of ${eventsEach} events, ${lineBytes.toFixed(0)} bytes a line, ${groupCount} groups …`;
}

function verdict(work: string, micros: readonly number[], target: number): string {
  const found = median(micros);
  const range = `${Math.min(...micros).toFixed(1)} to ${Math.max(...micros).toFixed(1)}`;
  const result = `${percent(found / target)} of the target of ${target} us, ${found <= target ? 'MET' : 'NOT MET'}`;
  return `  ${work}: ${found.toFixed(2)} us of CPU an event, median of ${rounds} (${range}): ${result}`;
}

const minuteStartMs = Date.UTC(2026, 10, 23, 5);

function makeSamples(): readonly Sample[] {
  const chance = seededChance(4);
  return Array.from({ length: segmentCount }, (_, index) => {
    const atMs = () => minuteStartMs + Math.floor(chance() * 60_000);
    const lines = Array.from({ length: eventsEach }, (_, place) => {
      const seq = 1 + index * eventsEach + place;
      return encodeLine({ ...sampleEvent(atMs(), seq, chance), captured_before: seq - 1 });
    });
    const [segment, ...others] = segmentsOf(lines);
    const key = segment && parseLogKey(segment.key);
    if (!key || others.length > 0) throw new Error('the events make more than one segment');
    return { key, gzip: segment.gzip };
  });
}

/** Measures each stage over all segments at once, so that each stage collects its own garbage. */
function measure(samples: readonly Sample[]): Round {
  const [gunzip, plain] = timed(() => samples.map(plainOf));
  const [parse] = timed(() => plain.map(parseAll));
  const [toGroups, groups] = timed(() => groupsOf(plain));
  const [blocks, made] = timed(() => groups.flatMap((group) => group.blocks()));
  const [merges, [merged]] = timed(() => mergedOf(made));
  const [objects] = timed(() => objectsOf(made, merged));
  return { gunzip, parse, fold: toGroups - parse, blocks, merge: merges / mergeCount, objects };
}

/** CPU time in microseconds an event, and the result. */
function timed<Result>(work: () => Result): readonly [micros: number, result: Result] {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / eventCount, result];
}

function plainOf({ key, gzip }: Sample): Buffer {
  const opened = openSegmentBytes(key, gzip);
  if (opened.kind === 'unreadable') throw new Error(`the segment cannot be read: ${opened.reason}`);
  return opened.plain;
}

function parseAll(plain: Buffer): number {
  let ids = 0;
  for (const line of plain.toString().split('\n')) ids += parseLine(line).kind === 'event' ? 1 : 0;
  return ids;
}

function groupsOf(plain: readonly Buffer[]): readonly SegmentGroup[] {
  const groups = Array.from({ length: groupCount }, () => new SegmentGroup(minuteStartMs));
  for (const [index, segment] of plain.entries()) groups[index % groupCount]?.add(segment);
  return groups;
}

/** Merges several times. A single time would be mostly the collection of the garbage of the stages before. */
function mergedOf(blocks: readonly MinuteBlocks[]): readonly [MergedEvents, ...MergedEvents[]] {
  const first = mergedOnce(blocks);
  return [first, ...Array.from({ length: mergeCount - 1 }, () => mergedOnce(blocks))];
}

function mergedOnce(blocks: readonly MinuteBlocks[]): MergedEvents {
  const read = blocks.flatMap(({ events }) => readEventBlock(events) ?? []);
  const merged = mergeEvents(read, limits.fold.minuteEventsMax);
  if (merged === 'too-many' || merged.counts.events !== eventCount) throw new Error('the blocks lack events');
  return merged;
}

function objectsOf(blocks: readonly MinuteBlocks[], merged: MergedEvents): number {
  const own = blocks.flatMap((block) => (block.conversions && readConversions(block.conversions)) ?? []);
  return encodeClicks(merged).length + mergeSales({ startMs: 0, own, received: [], firsts: [] }).rows.length;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
