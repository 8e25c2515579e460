import { type HourState, isFinal, parseHourState } from '../../core/ledger/hour-state.ts';
import { hourStateKey } from '../../core/ledger/object-keys.ts';
import type { Bucket, Log, Metrics } from '../../core/ports.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import { SimulatedTime } from '../../simulation/simulated-time.ts';
import type { Weather } from '../capacity/loads.ts';
import { type BucketUse, bucketUse, FileObjects, fileBucket } from './file-bucket.ts';
import { MemoryIndex, type TableUse } from './memory-index.ts';

/** What the calls of a function amount to. */
export interface Use {
  readonly home: BucketUse;
  readonly peer: BucketUse;
  readonly index: TableUse;
}

export function noUse(): Use {
  return { home: bucketUse(), peer: bucketUse(), index: { readUnits: 0, writeUnits: 0 } };
}

export interface Latencies {
  readonly s3Ms: number;
  readonly dynamodbMs: number;
}

/** One region's functions over real code, with calls that cost simulated time. Both logs have the same objects. */
export class BenchWorld {
  readonly time: SimulatedTime;
  readonly objects = new FileObjects();
  readonly index = new MemoryIndex();
  weather: Weather = 'good weather';
  /** Whether folding keeps facts for postbacks. `cost` names them apart. */
  hasPostbacks = false;
  readonly #latencies: Latencies;

  constructor(startMs: number, latencies: Latencies) {
    this.time = new SimulatedTime(startMs);
    this.#latencies = latencies;
  }

  /** The state of an hour's figures, once they are final. */
  finalState(hourStartMs: number): HourState | undefined {
    const place = this.objects.placeOf(hourStateKey(hourStartMs));
    const state = place && parseHourState(this.objects.read(place));
    return state && isFinal(state) ? state : undefined;
  }

  /** The ports of a function. `use` counts its calls. Each call first waits for `onCall`. */
  ports(use: Use, onCall: (key: string) => Promise<void> | undefined = () => undefined) {
    const { s3Ms, dynamodbMs } = this.#latencies;
    const answer = (latencyMs: number) => async (key: string) => {
      await onCall(key);
      if (latencyMs > 0) await this.time.sleep(latencyMs);
    };
    const peer = fileBucket(this.objects, use.peer, answer(s3Ms));
    const buckets = {
      home: { name: 'log-home', bucket: fileBucket(this.objects, use.home, answer(s3Ms)) },
      peer: { name: 'log-peer', bucket: inWeather(peer, this) },
    };
    const chance = seededChance(3);
    return {
      buckets,
      index: this.index.open(use.index, answer(dynamodbMs)),
      random: { bytes: (length: number) => Uint8Array.from({ length }, () => Math.floor(chance() * 256)) },
      hasPostbacks: this.hasPostbacks,
      clock: this.time,
      metrics: silentMetrics,
      log: silentLog,
      countsRowsAgain: true,
      regions: { home: 'us-east-1', peer: 'us-west-2' },
      timeZone: 'UTC',
    };
  }
}

export const silentMetrics: Metrics = { count: () => {}, gauge: () => {} };
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** While the peer hangs, each call takes its whole budget and then fails. */
function inWeather(peer: Bucket, world: BenchWorld): Bucket {
  const timeout = { status: 0, code: 'Timeout' };
  const call = async <T>(budgetMs: number, calling: () => Promise<T>, failed: T): Promise<T> => {
    if (world.weather === 'good weather') return calling();
    await world.time.sleep(budgetMs);
    return failed;
  };
  const failed = { kind: 'failed', answer: timeout } as const;
  return {
    putIfAbsent: (key, body, budgetMs) => call(budgetMs, () => peer.putIfAbsent(key, body, budgetMs), timeout),
    replace: (key, body, etag, budgetMs) => call(budgetMs, () => peer.replace(key, body, etag, budgetMs), failed),
    get: (key, budgetMs, etag) => call(budgetMs, () => peer.get(key, budgetMs, etag), failed),
    getRange: (key, from, length, budgetMs) => call(budgetMs, () => peer.getRange(key, from, length, budgetMs), failed),
    list: (prefix, budgetMs, after) => call(budgetMs, () => peer.list(prefix, budgetMs, after), failed),
  };
}
