import { capCountsKey, parseCapCounts } from '../../core/caps/cap-counts.ts';
import { unseenMs } from '../../core/caps/clicks-bound.ts';
import { makeSnapshot } from '../../core/catalog/snapshot.ts';
import { limits } from '../../core/limits/limits.ts';
import { minuteMs } from '../../core/log/log-key.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import { type LifeFunctions, lifeFunctions, liveFor } from '../../simulation/life.ts';
import {
  createSimulatedWorld,
  otherThan,
  type RegionName,
  regionNames,
  type SimulatedWorld,
} from '../../simulation/world.ts';
import { Clients } from './caps-clients.ts';
import { networkOf, publish } from './caps-scene.ts';

/** Visitors rush to one offer with a cap, and more come than it takes. */

export interface Visit {
  readonly atMs: number;
  readonly region: RegionName;
  /** The visitor landed on the offer. */
  readonly isSentOn: boolean;
  /** For how long no count that `track` could have read knows of a click (core/caps/clicks-bound.ts). */
  readonly unseenMs: number;
  /** Until when the cap of an open hard offer stays open without a newer count. */
  readonly openUntilMs: number;
}

export interface Pace {
  readonly perMinute: number;
  /** From 0 to 1. */
  readonly eastShare: number;
  /** Whether each visitor buys at once. */
  readonly buys?: boolean;
}

const startMs = Date.UTC(2026, 10, 23, 5, 10);

export class Rush {
  readonly world: SimulatedWorld;
  readonly visits: Visit[] = [];
  /** When each sale was recorded. */
  readonly sales: number[] = [];
  readonly #chance = seededChance(1);
  readonly #clients: Clients;
  readonly #functions: LifeFunctions;

  /** `fields`: of the offer, as YAML. */
  constructor(fields: string) {
    this.world = createSimulatedWorld(startMs, this.#chance);
    const content = networkOf([fields]);
    publish(this.world, content);
    this.#clients = new Clients(this.world, { bundle: makeSnapshot(content).text, timeZone: 'UTC' });
    this.#functions = lifeFunctions(this.world);
  }

  /** Visitors come at even intervals. */
  async go(minutes: number, { perMinute, eastShare, buys = false }: Pace): Promise<void> {
    const durationMs = minutes * minuteMs;
    for (let atMs = 0; atMs < durationMs; atMs += minuteMs / perMinute) {
      this.#clients.later(atMs, () => this.#visit(this.#chance() < eastShare ? 'us-east-1' : 'us-west-2', buys));
    }
    for (const region of regionNames)
      for (let atMs = 0; atMs < durationMs; atMs += minuteMs)
        this.#clients.later(atMs, () => this.#clients.probe(region));
    await liveFor(this.world, durationMs, { functions: this.#functions });
    await this.world.time.until(this.#clients.idle());
  }

  get sentOn(): readonly Visit[] {
    return this.visits.filter(({ isSentOn }) => isSentOn).sort((one, other) => one.atMs - other.atMs);
  }

  async #visit(wanted: RegionName, buys: boolean): Promise<void> {
    const { time, board } = this.world;
    const region = board.isPaused({ service: 'http', region: wanted }) ? otherThan(wanted) : wanted;
    const atMs = time.nowMs();
    const known = this.#knownIn(region, atMs);
    const sentOn = await this.#clients.click(region, 1, 7);
    this.visits.push({ atMs, region, isSentOn: sentOn !== undefined, ...known });
    if (sentOn === undefined || !buys) return;
    await this.#clients.report(region, sentOn.transactionId);
    this.sales.push(time.nowMs());
  }

  /** The own region's counts are good until they are stale. Then the newer ones of both regions are. */
  #knownIn(region: RegionName, nowMs: number): Pick<Visit, 'unseenMs' | 'openUntilMs'> {
    const [own, other] = [region, otherThan(region)].map((of) => this.#countsIn(region, of));
    const isStale = own === undefined || nowMs - own.asOfMs > limits.caps.staleMs;
    const counts = isStale && other !== undefined && other.asOfMs > (own?.asOfMs ?? 0) ? other : own;
    const ageMs = nowMs - (counts?.asOfMs ?? startMs);
    const asOfMs = nowMs - (isStale ? Math.max(ageMs, limits.caps.staleMs) : ageMs);
    const openUntilMs = counts?.caps[0]?.openUntilMs ?? Number.POSITIVE_INFINITY;
    return { unseenMs: unseenMs({ nowMs, asOfMs, storeWindowSeconds: limits.store.windowSeconds.usual }), openUntilMs };
  }

  #countsIn(bucket: RegionName, of: RegionName) {
    const object = this.world.regions[bucket].bucket.get(capCountsKey(of));
    return object.kind === 'ok' ? parseCapCounts(of, object.value.body) : undefined;
  }
}
