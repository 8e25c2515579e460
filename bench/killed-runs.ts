import type { HourState } from '../core/ledger/hour-state.ts';
import { limits } from '../core/limits/limits.ts';
import { hourMs, hourPrefix } from '../core/log/log-key.ts';
import { seededChance } from '../core/seeded-chance.ts';
import { createLedger } from '../lambda/ledger/ledger.ts';
import { createStats } from '../lambda/stats/stats.ts';
import { quotas } from './capacity/inputs.ts';
import { BenchWorld, noUse } from './world/bench-world.ts';
import { Traffic } from './world/traffic.ts';

const hourStartMs = Date.UTC(2026, 10, 23, 5);
/** Slow calls, so that the hour takes many runs. */
const latencies = { s3Ms: 1_000, dynamodbMs: 100 };
const heldEvents = 5;
const eventBytes = 106;
/** The share of runs that are killed. */
const killedShare = 0.5;

/**
 * Folds an hour of the load *peak* that is in the log already. A run of `stats` begins every minute and a run of
 * `ledger` every five, although the earlier ones go on; half of them are killed at random. Counts how often a segment
 * is read again. Yields the lines of the report.
 */
export async function* benchKilledRuns(): AsyncGenerator<string> {
  const hour = new KilledHour();
  try {
    yield `${hour.segments} segments of an hour at peak, calls of ${latencies.s3Ms} ms; a run of stats every minute, a run of ledger every five, half of them killed …`;
    const state = await hour.untilFinal();
    const { begun, killed, readings } = hour;
    const reads = [...readings.values()].reduce((sum, count) => sum + count, 0);
    const again = reads - readings.size;
    const groups = again / hour.groupSegments;
    yield `  final after ${((hour.world.time.nowMs() - hourStartMs - hourMs) / 60_000).toFixed(0)} minutes: ${begun} runs begun, ${killed} killed while they worked`;
    yield `  ${reads} reads of segments, ${again} of them again: ${groups.toFixed(1)} groups of ${hour.groupSegments.toFixed(0)} segments`;
    yield `  events in the final figures: ${state.events} of ${hour.events}`;
    yield `  target: a run repeats at most the group in hand, ${(groups / begun).toFixed(2)} groups a run: ${groups <= begun ? 'MET' : 'NOT MET'}`;
  } finally {
    hour.world.objects.remove();
  }
}

class KilledHour {
  readonly world = new BenchWorld(hourStartMs, latencies);
  /** By the key of a segment, how often it was read. */
  readonly readings = new Map<string, number>();
  segments = 0;
  events = 0;
  begun = 0;
  killed = 0;
  /** Segments of a full group. */
  readonly groupSegments: number;
  readonly #chance = seededChance(11);

  constructor() {
    const traffic = new Traffic(hourStartMs, {
      load: 'peak',
      windowSeconds: limits.store.windowSeconds.usual,
      pollers: quotas.pollersToBeginWith.value,
      batchEventsMax: quotas.batchEventsMax.value,
      heldEventsMax: heldEvents,
    });
    const prefix = hourPrefix(hourStartMs);
    const ids = new Set<string>();
    let listedBytes = 0;
    for (const { key, gzip, events, eventIds } of traffic.until(hourStartMs + hourMs)) {
      if (!key.startsWith(prefix)) continue;
      this.world.objects.put(key, gzip, Math.round(events * eventBytes));
      listedBytes += events * eventBytes;
      this.segments += 1;
      for (const id of eventIds) ids.add(id);
    }
    this.events = ids.size;
    this.groupSegments = (limits.fold.groupBytesMax / listedBytes) * this.segments;
  }

  async untilFinal(): Promise<HourState> {
    const { time } = this.world;
    await time.pass(hourMs + limits.ledger.close.afterMinutes * 60_000);
    const { stats, ledger } = limits;
    for (let atSeconds = 0; ; atSeconds += stats.intervalSeconds) {
      this.#begin('stats');
      if (atSeconds % ledger.close.intervalSeconds === 0) this.#begin('ledger');
      await time.pass(stats.intervalSeconds * 1_000);
      const state = this.world.finalState(hourStartMs);
      if (state) return state;
    }
  }

  /** A run that is killed never gets an answer again. */
  #begin(part: 'stats' | 'ledger'): void {
    this.begun += 1;
    const { time } = this.world;
    const { runMs, timeoutSeconds } = limits[part];
    const killedAtMs = this.#chance() < killedShare ? time.nowMs() + this.#chance() * runMs : Number.POSITIVE_INFINITY;
    let isKilled = false;
    const ports = this.world.ports(noUse(), (key) => {
      if (time.nowMs() >= killedAtMs) {
        if (!isKilled) this.killed += 1;
        isKilled = true;
        return new Promise(() => {});
      }
      if (key.startsWith('log/') && key.endsWith('.gz')) this.readings.set(key, (this.readings.get(key) ?? 0) + 1);
      return undefined;
    });
    const run =
      part === 'stats'
        ? createStats(ports)
        : createLedger({ ...ports, timeZone: 'UTC', visitorsMax: limits.ledger.visitorsMax });
    void run({ task: 'close' }, timeoutSeconds * 1_000);
  }
}
