import { catalogKey } from '../../core/catalog/snapshot.ts';
import { limits } from '../../core/limits/limits.ts';
import { createLedger } from '../../lambda/ledger/ledger.ts';
import { createStats } from '../../lambda/stats/stats.ts';
import type { Weather } from '../capacity/loads.ts';
import { BenchWorld, type Latencies, noUse, type Use } from '../world/bench-world.ts';
import { cappedCatalog } from '../world/capped-catalog.ts';
import { Traffic, type TrafficOptions } from '../world/traffic.ts';

/** The calls of a kind of runs, as sums over `runs`, and the time that they waited for answers. */
export interface CountedRuns {
  readonly runs: number;
  readonly s3Puts: number;
  readonly s3Gets: number;
  readonly s3Lists: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly waitSeconds: number;
  readonly waitSecondsMax: number;
}

export interface CountedLoad {
  /** Segments that came to a log in the hour. */
  readonly segments: number;
  /** Different conversions that the segments hold. They hold only a part of the load's events. */
  readonly conversions: number;
  /** Runs in an hour. */
  readonly stats: CountedRuns;
  /** Runs in an hour: `{"task":"close"}`. */
  readonly close: CountedRuns;
  /** A review without any hour, and what it uses more for each final hour that has not changed. */
  readonly emptyReview: CountedRuns;
  readonly reviewOfHour: CountedRuns;
}

export interface CountOptions extends Omit<TrafficOptions, 'heldEventsMax'> {
  readonly latencies: Latencies;
  /** Of an event in a segment, compressed. */
  readonly eventBytes: number;
}

const startMs = Date.UTC(2026, 10, 23, 5);
const minuteMs = 60_000;
/** The thinner the segments of a load are, the faster it is counted. Those of the smallest load are whole. */
const heldEventsMax = (load: CountOptions['load']) => (load === 'small' ? 100 : 5);

/**
 * Runs the real `stats` and `ledger` of a region for two hours of a load, and counts their calls in the second hour.
 * Segments hold few events and are listed with the size that the load's have. So groups, pages and objects are as many
 * as in earnest, but the CPU of the events is not spent. `stats` calls the peer's bucket for the objects about caps, and
 * else only for segments that home's log holds damaged, so it is counted in good weather alone. The ledger makes the second hour final while the peer hangs.
 */
export async function countCalls(options: CountOptions): Promise<Readonly<Record<Weather, CountedLoad>>> {
  const [world, empty] = [new BenchWorld(startMs, options.latencies), new BenchWorld(startMs, options.latencies)];
  try {
    return await new CountedHours(world, empty, options).count();
  } finally {
    world.objects.remove();
    empty.objects.remove();
  }
}

async function countReview(world: BenchWorld): Promise<CountedRuns> {
  const review = new Watched(world, ledgerTask(world, 'review', 1));
  await review.run();
  return review.counted();
}

/** `heldShare`: the share of the events that segments hold. Visitors are counted in as many parts as if all were there. */
function ledgerTask(world: BenchWorld, task: string, heldShare: number): (use: Use) => Run {
  return (use) => {
    const visitorsMax = Math.max(1, Math.floor(limits.ledger.visitorsMax * heldShare));
    const run = createLedger({ ...world.ports(use), timeZone: 'UTC', visitorsMax });
    return (_event, remainingMs) => run({ task }, remainingMs);
  };
}

class CountedHours {
  readonly #world: BenchWorld;
  readonly #empty: BenchWorld;
  readonly #options: CountOptions;
  readonly #traffic: Traffic;
  readonly #stats: Watched;
  readonly #close: Watched;
  #segments = 0;

  constructor(world: BenchWorld, empty: BenchWorld, options: CountOptions) {
    this.#world = world;
    this.#empty = empty;
    this.#options = options;
    this.#traffic = new Traffic(startMs, { ...options, heldEventsMax: heldEventsMax(options.load) });
    const { eventsEach } = this.#traffic.batches.home;
    const heldShare = Math.min(1, heldEventsMax(options.load) / eventsEach);
    world.objects.put(catalogKey, cappedCatalog());
    this.#stats = new Watched(world, (use) => createStats(world.ports(use)));
    this.#close = new Watched(world, ledgerTask(world, 'close', heldShare));
  }

  async count(): Promise<Readonly<Record<Weather, CountedLoad>>> {
    const { afterMinutes } = limits.ledger.close;
    await this.#minutes(60);
    const [segments, conversions] = [this.#segments, this.#traffic.conversions];
    this.#stats.reset();
    this.#close.reset();
    await this.#minutes(afterMinutes);
    const closing = this.#close.counted();
    await this.#minutes(60 - afterMinutes);
    const counted = {
      segments: this.#segments - segments,
      conversions: this.#traffic.conversions - conversions,
      stats: this.#stats.counted(),
    };
    const close = this.#close.counted();
    this.#close.reset();
    this.#world.weather = 'the peer hangs';
    await this.#minutes(afterMinutes);
    const hangingClosing = this.#close.counted();
    const withHanging = sumOf(close, [hangingClosing, 1], [closing, -1]);
    return {
      'the peer hangs': { ...counted, close: withHanging, ...(await this.#reviews('the peer hangs')) },
      'good weather': { ...counted, close, ...(await this.#reviews('good weather')) },
    };
  }

  async #reviews(weather: Weather) {
    this.#world.weather = weather;
    this.#empty.weather = weather;
    const emptyReview = await countReview(this.#empty);
    const review = await countReview(this.#world);
    const hoursMore = sumOf(review, [emptyReview, -1]);
    return { emptyReview, reviewOfHour: scaled(hoursMore, 1 / finalHours) };
  }

  async #minutes(count: number): Promise<void> {
    const { time } = this.#world;
    const beginMs = time.nowMs() - (time.nowMs() % minuteMs);
    for (let atMs = beginMs + minuteMs; atMs <= beginMs + count * minuteMs; atMs += minuteMs) {
      this.#store(atMs);
      await time.pass(Math.max(0, atMs - time.nowMs()));
      await this.#stats.run();
      if (atMs % (limits.ledger.close.intervalSeconds * 1_000) === 0) await this.#close.run();
    }
  }

  #store(endMs: number): void {
    for (const { key, gzip, events } of this.#traffic.until(endMs)) {
      this.#world.objects.put(key, gzip, Math.round(events * this.#options.eventBytes));
      this.#segments += 1;
    }
  }
}

/** Hours of the world that are final when they are reviewed. */
const finalHours = 2;

function sumOf(one: CountedRuns, ...others: readonly (readonly [CountedRuns, number])[]): CountedRuns {
  const sums = Object.entries(one).map(([name, value]) => {
    const more = others.reduce((sum, [other, times]) => sum + times * other[name as keyof CountedRuns], 0);
    return [name, value + more];
  });
  const waitSecondsMax = Math.max(one.waitSecondsMax, ...others.map(([other]) => other.waitSecondsMax));
  return { ...(Object.fromEntries(sums) as unknown as CountedRuns), waitSecondsMax };
}

function scaled(one: CountedRuns, factor: number): CountedRuns {
  return Object.fromEntries(
    Object.entries(one).map(([name, value]) => [name, value * factor]),
  ) as unknown as CountedRuns;
}

type Run = (event: unknown, remainingMs: number) => Promise<unknown>;

/** Runs of one environment of a function, with what they use and how long they wait. */
class Watched {
  readonly #world: BenchWorld;
  readonly #use: Use = noUse();
  readonly #run: Run;
  #waitsMs: number[] = [];
  #before = snapshot(noUse());

  constructor(world: BenchWorld, open: (use: Use) => Run) {
    this.#world = world;
    this.#run = open(this.#use);
  }

  async run(): Promise<void> {
    const { time } = this.#world;
    const beforeMs = time.nowMs();
    await time.until(this.#run({}, limits.ledger.timeoutSeconds * 1_000));
    this.#waitsMs.push(time.nowMs() - beforeMs);
  }

  reset(): void {
    this.#before = snapshot(this.#use);
    this.#waitsMs = [];
  }

  counted(): CountedRuns {
    const now = snapshot(this.#use);
    const since = Object.fromEntries(
      Object.entries(now).map(([name, count]) => [name, count - this.#before[name as keyof typeof now]]),
    ) as typeof now;
    const waitSeconds = this.#waitsMs.reduce((sum, waitMs) => sum + waitMs, 0) / 1_000;
    return { runs: this.#waitsMs.length, ...since, waitSeconds, waitSecondsMax: Math.max(0, ...this.#waitsMs) / 1_000 };
  }
}

function snapshot({ home, peer, index }: Use) {
  return {
    s3Puts: home.puts + peer.puts,
    s3Gets: home.gets + peer.gets,
    s3Lists: home.lists + peer.lists,
    readUnits: index.readUnits,
    writeUnits: index.writeUnits,
  };
}
