import { cpus } from 'node:os';
import { encodeLine } from '../core/event/event.ts';
import { limits } from '../core/limits/limits.ts';
import { hourMs } from '../core/log/log-key.ts';
import { segmentsOf } from '../core/log/segment.ts';
import { seededChance } from '../core/seeded-chance.ts';
import { createLedger } from '../lambda/ledger/ledger.ts';
import { createStats } from '../lambda/stats/stats.ts';
import { sampleEvent } from './sample-events.ts';
import { BenchWorld, noUse } from './world/bench-world.ts';

const hourStartMs = Date.UTC(2026, 10, 23, 5);
const eventsEach = 4_500;
const sizes = [1_000_000, 20_000_000];
/** The target for the CPU time of an event in a large hour, as a ratio to that in a small hour. */
const ratioWanted = 1.3;

export interface LedgerCosts {
  readonly events: number;
  /** CPU of `stats`, in microseconds an event: reading, folding and merging. */
  readonly foldMicros: number;
  /** CPU of `ledger` on an hour that `stats` has folded, in microseconds an event. */
  readonly finalMicros: number;
  /** The most memory that the process had while it worked. */
  readonly residentMegabytes: number;
}

/**
 * Measures CPU and memory of the code that makes an hour final, for a small and a large hour. The bucket is a file of
 * this machine. Yields the lines of the report.
 */
export async function* benchLedger(): AsyncGenerator<string> {
  const measured: LedgerCosts[] = [];
  for (const events of sizes) {
    yield `${events / 1e6} million events: making segments …`;
    const costs = await measureLedger(events);
    measured.push(costs);
    const { foldMicros, finalMicros, residentMegabytes } = costs;
    const both = foldMicros + finalMicros;
    yield `  ${both.toFixed(1)} us of CPU an event: ${foldMicros.toFixed(1)} to fold and merge, ${finalMicros.toFixed(1)} to make it final; ${residentMegabytes.toFixed(0)} MB resident`;
  }
  const [small = Number.NaN, large = Number.NaN] = measured.map((one) => one.foldMicros + one.finalMicros);
  const ratio = large / small;
  yield `  large to small: ${ratio.toFixed(2)}, target ${ratioWanted}: ${ratio <= ratioWanted ? 'MET' : 'NOT MET'}`;
  yield `Compare these numbers only as ratios: other processes share the ${cpus().length} cores of this machine.`;
  yield 'Not included: waiting for S3 and DynamoDB, and the CPU of their calls.';
}

/** Makes an hour of so many events final. Each segment spans some seconds, like those of `store`. */
export async function measureLedger(events: number): Promise<LedgerCosts> {
  const world = new BenchWorld(hourStartMs, { s3Ms: 0, dynamodbMs: 0 });
  try {
    putSegments(world, events);
    let residentBytes = 0;
    const ports = world.ports(noUse(), () => {
      residentBytes = Math.max(residentBytes, process.memoryUsage.rss());
      return undefined;
    });
    const remainingMs = limits.ledger.timeoutSeconds * 1_000;
    await world.time.pass(hourMs - 1);
    const foldMicros = await microsOf(() => createStats(ports)({}, remainingMs));
    await world.time.pass(limits.ledger.close.afterMinutes * 60_000 + 1);
    const ledger = createLedger({ ...ports, timeZone: 'UTC', visitorsMax: limits.ledger.visitorsMax });
    const finalMicros = await microsOf(() => ledger({ task: 'close' }, remainingMs));
    if (world.finalState(hourStartMs)?.events !== events) throw new Error('the hour is not final with all its events');
    return {
      events,
      foldMicros: foldMicros / events,
      finalMicros: finalMicros / events,
      residentMegabytes: residentBytes / 1e6,
    };
  } finally {
    world.objects.remove();
  }
}

function putSegments(world: BenchWorld, events: number): void {
  const chance = seededChance(4);
  const segmentCount = Math.ceil(events / eventsEach);
  const spanMs = hourMs / segmentCount;
  for (let index = 0; index < segmentCount; index += 1) {
    const atMs = () => Math.floor(hourStartMs + Math.min(hourMs - 1, (index + chance() * 1.5) * spanMs));
    const count = Math.min(eventsEach, events - index * eventsEach);
    const lines = Array.from({ length: count }, (_, seq) => encodeLine(sampleEvent(atMs(), seq, chance)));
    for (const { key, gzip } of segmentsOf(lines)) world.objects.put(key, gzip);
  }
}

/** CPU time of this process, garbage collection included. */
async function microsOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
