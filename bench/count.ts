import { cpus } from 'node:os';
import { encodeLine, parseLine } from '../core/event/event.ts';
import { chunksOf, chunkWrites } from '../core/figures/chunks.ts';
import { earliestOf } from '../core/figures/conversions.ts';
import type { FiguresRow } from '../core/figures/row.ts';
import { foldSegment } from '../core/figures/segment-fold.ts';
import { type LogKey, parseLogKey } from '../core/log/log-key.ts';
import { openSegmentBytes, segmentsOf } from '../core/log/segment.ts';
import { seededChance } from '../core/seeded-chance.ts';
import { writeItemOf } from '../lambda/aws/table-expressions.ts';
import { median } from './median.ts';
import { sampleEvent } from './sample-events.ts';

/** The target for the CPU time from a line in a segment to its counter, including gunzip and parsing. */
const targetMicros = 10;
const eventsEach = 4_500;
const segmentCount = 8;
const rounds = 5;

interface Sample {
  readonly key: LogKey;
  readonly gzip: Uint8Array;
}

/** CPU time of this process, including garbage collection, in microseconds an event. */
interface Round {
  readonly gunzip: number;
  readonly parse: number;
  readonly fold: number;
  readonly encode: number;
}

/**
 * Measures the code of `stats` between the bucket's answer and the call to the table. Measures CPU time and not elapsed
 * time, because other processes share the machine. Yields the lines of the report.
 */
export function* benchCount(): Generator<string> {
  const samples = makeSamples();
  yield describe(samples);
  measure(samples);
  measure(samples);
  const measured = Array.from({ length: rounds }, () => measure(samples));
  const toCounter = measured.map(({ gunzip, parse, fold: folding }) => gunzip + parse + folding);
  const whole = median(measured.map((round, index) => (toCounter[index] ?? 0) + round.encode));
  for (const stage of ['gunzip', 'parse', 'fold', 'encode'] as const) {
    const micros = median(measured.map((round) => round[stage]));
    yield `  ${stage.padEnd(7)} ${micros.toFixed(2).padStart(6)} us an event  ${percent(micros / whole)}`;
  }
  const found = median(toCounter);
  const range = `${Math.min(...toCounter).toFixed(1)} to ${Math.max(...toCounter).toFixed(1)}`;
  yield `  line to counter: ${found.toFixed(2)} us of CPU an event, median of ${rounds} (${range})`;
  yield `  target ${targetMicros} us: ${percent(found / targetMicros)} of it, ${found <= targetMicros ? 'MET' : 'NOT MET'}`;
  yield `Compare these numbers only as ratios: other processes share the ${cpus().length} cores of this machine.`;
  yield 'Not included: reading the object, claims of conversions, signing and sending each transaction of 99 rows.';
}

function describe([sample]: readonly Sample[]): string {
  if (!sample) throw new Error('there is no segment');
  const lineBytes = plainOf(sample).length / eventsEach;
  const rows = foldOf(sample).rows.length;
  return `${segmentCount} segments of ${eventsEach} events, ${lineBytes.toFixed(0)} bytes a line, ${rows} rows each …`;
}

function makeSamples(): readonly Sample[] {
  const chance = seededChance(4);
  const startMs = Date.UTC(2026, 10, 23, 5);
  return Array.from({ length: segmentCount }, (_, index) => {
    const atMs = () => startMs + index * 10_000 + Math.floor(chance() * 8_000);
    const lines = Array.from({ length: eventsEach }, (_, seq) => encodeLine(sampleEvent(atMs(), seq, chance)));
    const [segment, ...others] = segmentsOf(lines);
    const key = segment && parseLogKey(segment.key);
    if (!key || others.length > 0) throw new Error('the events make more than one segment');
    return { key, gzip: segment.gzip };
  });
}

/**
 * Measures each stage over all segments at once, so that each stage collects its own garbage. The real code parses and
 * counts line by line, so the cost of counting is the difference between the work with and without it.
 */
function measure(samples: readonly Sample[]): Round {
  const plain = samples.map(plainOf);
  const gunzip = microsOf(() => eachOf(samples, plainOf));
  const parse = microsOf(() => eachOf(plain, parseAll));
  const toCounter = microsOf(() => eachOf(samples, foldOf));
  const folded = samples.map((sample) => ({ sample, rows: foldOf(sample).rows }));
  const encode = microsOf(() => eachOf(folded, ({ sample, rows }) => JSON.stringify(writesOf(sample.key, rows))));
  return { gunzip, parse, fold: toCounter - gunzip - parse, encode };
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

/** Counts the segment as if no other segment had claimed any of its conversion keys. */
function foldOf({ key, gzip }: Sample) {
  const fold = foldSegment(key, gzip);
  if (fold.kind === 'unreadable') throw new Error(`the segment cannot be read: ${fold.reason}`);
  const { segmentId } = key;
  const claims = new Map([...earliestOf(fold.competing)].map(([name, eventId]) => [name, { eventId, segmentId }]));
  return { rows: fold.rows(claims) };
}

function eachOf<Item>(items: readonly Item[], work: (item: Item) => unknown): void {
  for (const item of items) work(item);
}

/** CPU time in microseconds an event. */
function microsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (segmentCount * eventsEach);
}

function writesOf(key: LogKey, rows: readonly FiguresRow[]) {
  return chunksOf(key, rows).flatMap((chunk) =>
    chunkWrites(chunk, key.hourStartMs).map((write) => writeItemOf('figures', write)),
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
