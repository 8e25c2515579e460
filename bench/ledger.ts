import { cpus } from 'node:os';
import { encodeLine } from '../core/event/event.ts';
import { limits } from '../core/limits/limits.ts';
import { hourName } from '../core/log/log-key.ts';
import { segmentsOf } from '../core/log/segment.ts';
import type { Bucket, ListingPage, Log, Metrics, StoredObject } from '../core/ports.ts';
import { seededChance } from '../core/seeded-chance.ts';
import { foldHour } from '../lambda/ledger/fold-hour.ts';
import { listSegments } from '../lambda/ledger/objects.ts';
import type { LedgerPorts } from '../lambda/ledger/steps.ts';
import { sampleEvent } from './sample-events.ts';

const hourStartMs = Date.UTC(2026, 10, 23, 5);
const eventsEach = 4_500;
const clicksADay = 250_000_000;

interface Measured {
  readonly parts: number;
  readonly microsPerEvent: number;
  readonly residentMegabytes: number;
}

/**
 * Measures how large an hour can be for one run of the ledger: CPU and memory of the code that reads and folds it, in
 * one pass and in several, over buckets in memory. Yields the lines of the report.
 */
export async function* benchLedger(segmentCount: number): AsyncGenerator<string> {
  const segments = makeSegments(segmentCount);
  const events = segmentCount * eventsEach;
  const bytes = [...segments.values()].reduce((sum, { length }) => sum + length, 0);
  yield `${segmentCount} segments, ${events} events, ${(bytes / 1e6).toFixed(0)} MB of gzip …`;
  const measured: Measured[] = [];
  for (const parts of [1, 2, 4]) {
    const one = await measure(segments, events, bytes, parts);
    measured.push(one);
    yield `  ${parts} pass${parts === 1 ? '  ' : 'es'}: ${one.microsPerEvent.toFixed(1)} us of CPU an event, ${one.residentMegabytes.toFixed(0)} MB resident after it`;
  }
  const [whole, , quarters] = measured;
  if (!whole || !quarters) return;
  const again = Math.max(0, (quarters.microsPerEvent - whole.microsPerEvent) / 3);
  yield `  each further pass: ${again.toFixed(1)} us an event`;
  const perPass = (limits.ledger.passBytesMax / bytes) * events;
  yield `  one pass holds ${millions(perPass)} events like these; one run of ${limits.ledger.runMs / 1_000} s takes ${millions(eventsInRun(whole.microsPerEvent, again, perPass))}`;
  yield `  the busiest hour of ${clicksADay / 1e6} million events a day, spread evenly, has ${millions(clicksADay / 24)}`;
  yield `Compare these numbers only as ratios: other processes share the ${cpus().length} cores of this machine.`;
  yield 'Not included: waiting for S3 (16 parallel reads), claims of conversions, writing rows.';
}

function millions(count: number): string {
  return `${(count / 1e6).toFixed(1)} million`;
}

/** The largest number of events that one run has enough CPU for, in a number of passes that is a power of two. */
function eventsInRun(first: number, again: number, perPass: number): number {
  const budget = limits.ledger.runMs * 1_000;
  const fits = [1, 2, 4, 8, 16, 32].map((passes) =>
    Math.min(passes * perPass, budget / (first + (passes - 1) * again)),
  );
  return Math.max(...fits);
}

function makeSegments(count: number): ReadonlyMap<string, Uint8Array> {
  const chance = seededChance(4);
  const segments = new Map<string, Uint8Array>();
  for (let index = 0; index < count; index += 1) {
    const atMs = () => hourStartMs + Math.floor(chance() * 3_600_000);
    const lines = Array.from({ length: eventsEach }, (_, seq) => encodeLine(sampleEvent(atMs(), seq, chance)));
    for (const { key, gzip } of segmentsOf(lines)) segments.set(key, gzip);
  }
  return segments;
}

async function measure(
  segments: ReadonlyMap<string, Uint8Array>,
  events: number,
  bytes: number,
  parts: number,
): Promise<Measured> {
  const ports = portsOver(memoryBucket(segments), Math.ceil(bytes / parts));
  const listing = await listSegments(ports.buckets.home.bucket, hourStartMs);
  if (listing.kind === 'left') throw new Error(listing.why);
  const before = process.cpuUsage();
  const folded = await foldHour({ hourStartMs, listing: listing.value, revision: 1 }, ports, Number.POSITIVE_INFINITY);
  if (folded.kind === 'left') throw new Error(`${hourName(hourStartMs)}: ${folded.why}`);
  for (let slice = 0; slice < folded.value.slices; slice += 1) await folded.value.slice(slice);
  const { user, system } = process.cpuUsage(before);
  const { rss } = process.memoryUsage();
  return { parts, microsPerEvent: (user + system) / events, residentMegabytes: rss / 1e6 };
}

function memoryBucket(segments: ReadonlyMap<string, Uint8Array>): Bucket {
  const objects = new Map(segments);
  const missing = { kind: 'failed', answer: { status: 404, code: 'NoSuchKey' } } as const;
  return {
    putIfAbsent: async (key, body) => {
      objects.set(key, body);
      return { status: 200, code: '' };
    },
    get: async (key) => {
      const body = objects.get(key);
      return body ? { kind: 'ok', value: { body, etag: '' } satisfies StoredObject } : missing;
    },
    list: async (prefix) => {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
      const sizesBytes = keys.map((key) => objects.get(key)?.length ?? 0);
      return { kind: 'ok', value: { keys, etags: keys, sizesBytes } satisfies ListingPage };
    },
    warm: async () => ({ status: 200, code: '' }),
  };
}

/** The table refuses every call, because reading and folding need none. */
function portsOver(bucket: Bucket, passBytesMax: number): LedgerPorts {
  const refused = async () => ({ status: 503, code: 'ServiceUnavailable' });
  const failed = async () => ({ kind: 'failed', answer: await refused() }) as const;
  const log = { name: 'log', bucket };
  return {
    buckets: { home: log, peer: log },
    table: { get: failed, query: failed, write: refused, transact: refused, writeAll: failed },
    offersByDay: { note: refused },
    random: { bytes: (length) => new Uint8Array(length) },
    clock: { nowMs: () => 0, sleep: async () => {} },
    metrics: silentMetrics,
    log: silentLog,
    passBytesMax,
  };
}

const silentMetrics: Metrics = { count: () => {}, gauge: () => {} };
const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
