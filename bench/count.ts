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

/** From a line in a segment to its counter, gunzip and parsing included. */
const targetMicros = 10;
const eventsEach = 4_500;
const segmentCount = 8;
const rounds = 5;

interface Sample {
  readonly key: LogKey;
  readonly gzip: Uint8Array;
}

/** CPU time of this process, collecting garbage included, in microseconds an event. */
interface Round {
  readonly gunzip: number;
  readonly parse: number;
  readonly fold: number;
  readonly encode: number;
}

/**
 * What `stats` does with a segment between the bucket's answer and the table's call, with the code that it does it with.
 * CPU time and not the clock's, since others run on this machine too. Yields the lines of the report.
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
  yield `Read these as ratios: ${cpus().length} cores of this machine are shared with whatever else runs.`;
  yield 'Left out: reading the object, claims of conversions, signing and sending each transaction of 99 rows.';
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
 * Each stage is measured over all segments at once, so that it collects the garbage that it makes and no other's. Lines
 * are parsed and counted one after the other, so what counting costs is what the work takes with it, less what it takes
 * without.
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

/** As if every conversion key was free. */
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

/** Of CPU, an event. */
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
