import { encodeLine } from '../core/event/event.ts';
import type { HourState } from '../core/ledger/hour-state.ts';
import { limits } from '../core/limits/limits.ts';
import { hourMs } from '../core/log/log-key.ts';
import { segmentsOf } from '../core/log/segment.ts';
import { seededChance } from '../core/seeded-chance.ts';
import { createLedger } from '../lambda/ledger/ledger.ts';
import { prices, quotas } from './capacity/inputs.ts';
import { measured } from './capacity/measured.ts';
import { figure, usd } from './capacity/text-table.ts';
import { sampleEvent } from './sample-events.ts';
import { BenchWorld, noUse, type Use } from './world/bench-world.ts';

export const smallObjects = 200_000;
/** The arithmetic of the report is for so many. */
const objectsBeyond = 5_000_000;
const hourStartMs = Date.UTC(2026, 10, 23, 5);
/** Slow calls, so that the hour takes several runs. */
const latencies = { s3Ms: 500, dynamodbMs: 100 };
const runsMax = 100;
const usualObjects = 200;

/**
 * Makes an hour of very many segments of one event final, as the hours are when both intake queues were down. The hour
 * after it is a usual one. Runs of `ledger` begin at their interval, in simulated time. Yields the lines of the report.
 */
export async function* benchSmallObjects(count: number): AsyncGenerator<string> {
  const world = new BenchWorld(hourStartMs, latencies);
  try {
    yield `Making ${figure(count)} segments of one event, and an hour of ${usualObjects} after it; calls of ${latencies.s3Ms} ms …`;
    putSegments(world, hourStartMs, count);
    putSegments(world, hourStartMs + hourMs, usualObjects);
    const { closed, use, cpuSeconds, runs, usualAtRun } = await closeBoth(world);
    yield `  final after ${runs} run${runs === 1 ? '' : 's'} of the ledger; the usual hour after ${usualAtRun}`;
    yield `  events in the final figures: ${closed.events} of ${count}`;
    yield `  ${figure(use.home.gets)} reads, ${figure(use.home.lists)} listings, ${figure(use.home.puts)} writes, ${figure(cpuSeconds)} s of CPU without that of the calls`;
    const isHeldUp = usualAtRun >= runs;
    yield `  target: the usual hour does not wait for the other one: ${isHeldUp ? 'NOT MET' : 'MET'}`;
    yield* arithmetic(use, cpuSeconds, count);
  } finally {
    world.objects.remove();
  }
}

function putSegments(world: BenchWorld, startMs: number, count: number): void {
  const chance = seededChance(startMs % 1_000);
  for (let seq = 0; seq < count; seq += 1) {
    const line = encodeLine(sampleEvent(startMs + Math.floor((hourMs * seq) / count), seq, chance));
    for (const { key, gzip } of segmentsOf([line])) world.objects.put(key, gzip);
  }
}

interface Closed {
  readonly closed: HourState;
  readonly use: Use;
  readonly cpuSeconds: number;
  readonly runs: number;
  readonly usualAtRun: number;
}

/** One run after the other, each as long as it may last. */
async function closeBoth(world: BenchWorld): Promise<Closed> {
  const use = noUse();
  const ledger = createLedger({ ...world.ports(use), timeZone: 'UTC', visitorsMax: limits.ledger.visitorsMax });
  await world.time.pass(2 * hourMs + limits.ledger.close.afterMinutes * 60_000);
  const before = process.cpuUsage();
  let usualAtRun: number | undefined;
  for (let runs = 1; runs <= runsMax; runs += 1) {
    await world.time.until(ledger({ task: 'close' }, limits.ledger.timeoutSeconds * 1_000));
    const [small, usual] = [world.finalState(hourStartMs), world.finalState(hourStartMs + hourMs)];
    if (usual) usualAtRun ??= runs;
    if (!small || usualAtRun === undefined) continue;
    const { user, system } = process.cpuUsage(before);
    return { closed: small, use, cpuSeconds: (user + system) / 1e6, runs, usualAtRun };
  }
  throw new Error('the hours do not become final');
}

/** Reads wait for S3, so many at once. The CPU is that of the code and of the calls. */
function* arithmetic({ home }: Use, cpuSeconds: number, count: number): Generator<string> {
  const scale = objectsBeyond / count;
  const { mostCount } = limits.fold.readsAtOnce;
  const waitSeconds = (objectsBeyond / mostCount) * (quotas.answerMs.s3.value / 1_000);
  const calls = (home.gets + home.lists + home.puts) * scale;
  const workSeconds = cpuSeconds * scale + (calls * measured.callMicros) / 1e6;
  const runs = Math.ceil((Math.max(waitSeconds, workSeconds) * 1_000) / limits.ledger.runMs);
  const { s3Read, s3Write } = prices.usdPerMillion;
  const cost = (scale * (home.gets * s3Read + (home.lists + home.puts) * s3Write)) / 1e6;
  yield `  ${figure(objectsBeyond)} objects: ${figure(calls)} calls, ${figure(waitSeconds)} s of waiting with ${mostCount} reads at once, ${figure(workSeconds)} s of CPU`;
  yield `  so ${runs} runs of ${limits.ledger.runMs / 1_000} s, one every ${limits.ledger.close.intervalSeconds} s: at most ${figure((runs * limits.ledger.runMs) / 3_600_000)} hours, and ${usd(cost)} USD for a region's calls`;
}
