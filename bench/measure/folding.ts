import { cpus } from 'node:os';
import { conversionsPrefix, foldPrefix } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { createStats } from '../../lambda/stats/stats.ts';
import { foldedPerSecond } from '../capacity/flows.ts';
import type { LoadName } from '../capacity/loads.ts';
import { BenchWorld, noUse } from '../world/bench-world.ts';
import { Traffic, type TrafficOptions } from '../world/traffic.ts';

export interface FoldingCosts {
  /** CPU of `stats` in microseconds an event, when it runs every minute. */
  readonly eventMicros: number;
  /** The most memory that the process had, with the generator of events. */
  readonly residentMegabytes: number;
  /** Bytes that stay, by event: objects of folding, states and rows, and segments of the log. */
  readonly foldBytes: number;
  readonly conversionsBytes: number;
  readonly rowsBytes: number;
  readonly segmentBytes: number;
  readonly indexItemBytes: number;
}

/** What one run may spend on an event so that it catches up ten times as fast as events come. */
const microsWanted = 1e6 / (10 * foldedPerSecond('day'));

/** What `stats` spends on an event at the load *day*. Yields the lines of the report. */
export async function* benchCount(options: Omit<TrafficOptions, 'load' | 'heldEventsMax'>): AsyncGenerator<string> {
  yield 'four minutes of 3,000 clicks a second …';
  const { eventMicros, segmentBytes } = await measureFolding('day', 4, options);
  yield `  ${eventMicros.toFixed(1)} us of CPU an event of ${segmentBytes.toFixed(0)} bytes: unpacking, folding, merging, the conversion index and publishing`;
  yield `  target ${microsWanted.toFixed(0)} us, to catch up ten times as fast as events come: ${eventMicros <= microsWanted ? 'MET' : 'NOT MET'}`;
  yield `Compare these numbers only as ratios: other processes share the ${cpus().length} cores of this machine.`;
  yield 'Not included: waiting for S3 and DynamoDB, and the CPU of their calls.';
}

const startMs = Date.UTC(2026, 10, 23, 5);
const minuteMs = 60_000;

/** Runs `stats` for some minutes of a load with all its events. The first minute is not measured: it warms up. */
export async function measureFolding(
  load: LoadName,
  minutes: number,
  options: Omit<TrafficOptions, 'load' | 'heldEventsMax'>,
): Promise<FoldingCosts> {
  const world = new BenchWorld(startMs, { s3Ms: 0, dynamodbMs: 0 });
  const traffic = new Traffic(startMs, { ...options, load, heldEventsMax: Number.POSITIVE_INFINITY });
  const use = noUse();
  let residentBytes = 0;
  const stats = createStats(
    world.ports(use, () => {
      residentBytes = Math.max(residentBytes, process.memoryUsage.rss());
      return undefined;
    }),
  );
  const stored = { bytes: 0, events: 0 };
  let [warmEvents, micros] = [0, 0];
  try {
    for (let minute = 1; minute <= minutes; minute += 1) {
      for (const { key, gzip, events } of traffic.until(startMs + minute * minuteMs)) {
        world.objects.put(key, gzip);
        stored.bytes += gzip.length;
        stored.events += events;
      }
      await world.time.pass(minuteMs);
      const before = process.cpuUsage();
      await stats({}, limits.stats.timeoutSeconds * 1_000);
      const { user, system } = process.cpuUsage(before);
      if (minute === 1) warmEvents = stored.events;
      else micros += user + system;
    }
    return {
      eventMicros: micros / (stored.events - warmEvents),
      residentMegabytes: residentBytes / 1e6,
      foldBytes: world.objects.bytesUnder(foldPrefix) / stored.events,
      conversionsBytes: world.objects.bytesUnder(conversionsPrefix) / stored.events,
      rowsBytes: world.objects.bytesUnder('ledger/dt=') / stored.events,
      segmentBytes: stored.bytes / stored.events,
      indexItemBytes: world.index.itemBytes(),
    };
  } finally {
    world.objects.remove();
  }
}
