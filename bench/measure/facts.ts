import { gunzipSync } from 'node:zlib';
import { uuidTimeMs } from '../../core/event/uuid.ts';
import { SegmentGroup } from '../../core/figures/segment-group.ts';
import { factsPrefix } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourStart } from '../../core/log/log-key.ts';
import { parseObject } from '../../core/parse-json.ts';
import { openFacts } from '../../lambda/notify/find-facts.ts';
import { createStats } from '../../lambda/stats/stats.ts';
import { median } from '../median.ts';
import { BenchWorld, noUse } from '../world/bench-world.ts';
import { Traffic, type TrafficOptions } from '../world/traffic.ts';

/** What facts for postbacks cost at the load *day* (core/figures/facts-block.ts). */
export interface FactsCosts {
  /** CPU of folding, more than without facts, in microseconds an event. */
  readonly eventMicros: number;
  /** Bytes that stay, by event. */
  readonly eventBytes: number;
  readonly blocksAMinute: number;
  /** Of a click that is looked up alone: CPU without that of the calls, and calls. */
  readonly lookUpMicros: number;
  readonly lookUpGets: number;
}

const startMs = Date.UTC(2026, 10, 23, 5);
const minuteMs = 60_000;
const minutes = 2;
const rounds = 3;
const segmentsMeasured = 16;
const lookUps = 100;

export async function measureFacts(options: Omit<TrafficOptions, 'load' | 'heldEventsMax'>): Promise<FactsCosts> {
  const world = new BenchWorld(startMs, { s3Ms: 0, dynamodbMs: 0 });
  world.hasPostbacks = true;
  const traffic = new Traffic(startMs, { ...options, load: 'day', heldEventsMax: Number.POSITIVE_INFINITY });
  const stats = createStats(world.ports(noUse()));
  const [plain, clicks]: [Uint8Array[], Click[]] = [[], []];
  let events = 0;
  try {
    for (let minute = 1; minute <= minutes; minute += 1) {
      for (const { key, gzip, events: count } of traffic.until(startMs + minute * minuteMs)) {
        world.objects.put(key, gzip);
        events += count;
        if (plain.length >= segmentsMeasured) continue;
        plain.push(gunzipSync(gzip));
        clicks.push(...clicksIn(plain.at(-1) ?? new Uint8Array(), lookUps - clicks.length));
      }
      await world.time.pass(minuteMs);
      await stats({}, limits.stats.timeoutSeconds * 1_000);
    }
    return {
      eventMicros: microsMore(plain),
      eventBytes: world.objects.bytesUnder(factsPrefix) / events,
      blocksAMinute: world.objects.page(factsPrefix, undefined).keys.length / minutes,
      ...(await measureLookUps(world, clicks)),
    };
  } finally {
    world.objects.remove();
  }
}

interface Click {
  readonly clickTxn: string;
  readonly clickAtMs: number;
  readonly conversionId: string;
}

function clicksIn(plain: Uint8Array, count: number): readonly Click[] {
  const lines = Buffer.from(plain).toString().split('\n').slice(0, Math.max(0, count));
  return lines.flatMap((line) => {
    const { id, type, txn } = parseObject(line) ?? {};
    if (type !== 'click' || typeof id !== 'string' || typeof txn !== 'string') return [];
    return [{ clickTxn: txn, clickAtMs: uuidTimeMs(id), conversionId: id }];
  });
}

/** The groups with and without facts take turns, because other processes share the machine. */
function microsMore(segments: readonly Uint8Array[]): number {
  const microsOf = (keepsFacts: boolean): { readonly micros: number; readonly events: number } => {
    const group = new SegmentGroup(hourStart(startMs), { keepsFacts });
    const before = process.cpuUsage();
    const events = segments.reduce((sum, plain) => sum + group.add(plain).events, 0);
    group.blocks();
    const { user, system } = process.cpuUsage(before);
    return { micros: user + system, events };
  };
  const pairs = Array.from({ length: rounds }, () => {
    const [without, withFacts] = [microsOf(false), microsOf(true)];
    return (withFacts.micros - without.micros) / withFacts.events;
  });
  return median(pairs);
}

/** Each click alone, by a run that has read nothing before: the worst case. */
async function measureLookUps(world: BenchWorld, clicks: readonly Click[]) {
  const use = noUse();
  const { buckets, ...ports } = world.ports(use);
  const before = process.cpuUsage();
  for (const click of clicks) {
    const { facts } = await openFacts({ ...ports, bucket: buckets.home.bucket, isOver: () => false })([click]);
    if (!facts.has(click.clickTxn)) throw new Error('a click that was folded has no facts');
  }
  const { user, system } = process.cpuUsage(before);
  return { lookUpMicros: (user + system) / clicks.length, lookUpGets: use.home.gets / clicks.length };
}
