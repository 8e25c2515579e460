import type { CapPeriod, DayOf } from '../../core/caps/cap.ts';
import { type CapCounts, capCountsKey, encodeCapCounts, parseCapCounts } from '../../core/caps/cap-counts.ts';
import { cappedOwners, OwnerNumbers } from '../../core/caps/capped-owners.ts';
import { closedCapsOf } from '../../core/caps/close-caps.ts';
import { type ClosedCaps, closedCapsKey, encodeClosedCaps, parseClosedCaps } from '../../core/caps/closed-caps.ts';
import { judgeCaps } from '../../core/caps/judge-caps.ts';
import type { Catalog } from '../../core/catalog/catalog.ts';
import { catalogKey, parseSnapshot } from '../../core/catalog/snapshot.ts';
import { dayIn } from '../../core/config/time-zone.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import { sides } from '../../eventlog/log-buckets.ts';
import { type FoldRun, LeftToNextRun } from '../fold/run.ts';
import { CapFigures } from './cap-figures.ts';
import { createDrainedReader, createPeerListener, type PeerListener } from './hear-peer.ts';
import { HeldObject } from './held-object.ts';
import type { StatsPorts } from './ports.ts';

/** Publishes which caps are closed. `asOfMs`: the figures have every event that the log had then. Never throws. */
export type PublishCaps = (run: FoldRun, asOfMs: number) => Promise<void>;

/**
 * Counts caps from the region's figures and writes both objects about them to both buckets. A bucket that fails holds up
 * neither the other copy nor the fold. While the catalog has no caps, nothing is written and little is read.
 */
export function createPublishCaps(ports: StatsPorts): PublishCaps {
  const publisher = new CapsPublisher(ports);
  return async (run, asOfMs) => {
    try {
      await publisher.publish(run, asOfMs);
    } catch (error) {
      ports.log.warn('the caps are left to the next run', { why: run.whyLeft(error) });
    }
    publisher.noteAge();
  };
}

class CapsPublisher {
  readonly #ports: StatsPorts;
  readonly #dayOf: DayOf;
  readonly #figures: CapFigures;
  readonly #catalogs: Readonly<Record<Side, HeldObject<Catalog>>>;
  readonly #counts: Copies<CapCounts>;
  readonly #closed: Copies<ClosedCaps>;
  readonly #listener: PeerListener;
  readonly #readDrained: ReturnType<typeof createDrainedReader>;

  constructor(ports: StatsPorts) {
    const { regions, timeZone } = ports;
    this.#ports = ports;
    this.#dayOf = dayIn(timeZone);
    this.#figures = new CapFigures(regions.home, timeZone);
    this.#catalogs = copiesOf(ports, catalogKey, parseCatalog);
    this.#counts = copiesOf(ports, capCountsKey(regions.home), (bytes) => parseCapCounts(regions.home, bytes));
    this.#closed = copiesOf(ports, closedCapsKey(regions.home), (bytes) => parseClosed(regions.home, bytes));
    const ofPeer = copiesOf(ports, capCountsKey(regions.peer), (bytes) => parseCapCounts(regions.peer, bytes));
    this.#listener = createPeerListener(ports, ofPeer);
    this.#readDrained = createDrainedReader(ports);
  }

  async publish(run: FoldRun, asOfMs: number): Promise<void> {
    const catalog = await this.#catalog();
    const numbers = new OwnerNumbers(cappedOwners(catalog));
    if (numbers.owners.length === 0 && !(await this.#hadCaps())) return;
    const drained = await this.#readDrained();
    orLeave(await this.#counts.home.read());
    const before = this.#counts.home.value;
    if (before !== undefined && before.asOfMs >= asOfMs) return;
    await this.#figures.update(run, numbers);
    const news = await this.#listener.listen(run, (hour) => this.#figures.stateOf(hour), before?.heardPeerMs);
    const nowMs = Math.floor(run.nowMs());
    const { regions } = this.#ports;
    const { counts: peer, ...heard } = news;
    const used = (period: CapPeriod) => this.#figures.sums(period, nowMs);
    const sums = { daily: used('daily'), monthly: used('monthly'), lifetime: used('lifetime') };
    const counts = judgeCaps({
      ...{ region: regions.home, numbers, sums, ...this.#figures.recent(asOfMs) },
      ...{
        asOfMs,
        nowMs,
        dayOf: this.#dayOf,
        alertPercent: catalog.network.cap_alert_percent ?? limits.caps.alertPercent,
        ...heard,
        drained,
        before,
        peer,
      },
    });
    await this.#write(counts);
  }

  /** A gauge of how old the region's own object is, while there are caps. */
  noteAge(): void {
    const { metrics: sink, clock } = this.#ports;
    const counts = this.#counts.home.value;
    if (counts === undefined || counts.caps.length === 0) return;
    sink.gauge(metrics.capsAgeSeconds, Math.ceil((clock.nowMs() - counts.asOfMs) / 1_000));
    sink.gauge(metrics.capsClosed, counts.caps.filter(({ isClosed }) => isClosed).length);
  }

  /** The last good one is kept. The peer's copy only stands in while home has never given one. */
  async #catalog(): Promise<Catalog> {
    const { home, peer } = this.#catalogs;
    const problem = await home.read();
    if (home.value) return home.value;
    await peer.read();
    if (peer.value) return peer.value;
    throw new LeftToNextRun(problem ?? 'there is no catalog that this release understands');
  }

  /** Whether an object is there that must say that no cap is closed any more. */
  async #hadCaps(): Promise<boolean> {
    if (this.#counts.home.value === undefined) orLeave(await this.#counts.home.read());
    return (this.#counts.home.value?.caps.length ?? 0) > 0;
  }

  async #write(counts: CapCounts): Promise<void> {
    const closed = closedCapsOf(counts, this.#dayOf);
    const bytes = { counts: encodeCapCounts(counts), closed: Buffer.from(encodeClosedCaps(closed)) };
    const isNewer = ({ asOfMs }: { readonly asOfMs: number }) => asOfMs > counts.asOfMs;
    const problems = await Promise.all(
      sides.flatMap((side) => [
        this.#closed[side].write(closed, bytes.closed, isNewer),
        this.#counts[side].write(counts, bytes.counts, isNewer),
      ]),
    );
    const why = problems.filter((problem) => problem !== undefined);
    if (why.length > 0) this.#ports.log.warn('an object about caps could not be written', { why });
  }
}

type Side = (typeof sides)[number];
type Copies<Value> = Readonly<Record<Side, HeldObject<Value>>>;

function copiesOf<Value>(
  { buckets }: StatsPorts,
  key: string,
  parse: (bytes: Uint8Array) => Value | undefined,
): Copies<Value> {
  return {
    home: new HeldObject(buckets.home.bucket, key, parse),
    peer: new HeldObject(buckets.peer.bucket, key, parse),
  };
}

function parseCatalog(bytes: Uint8Array): Catalog | undefined {
  if (bytes.length > limits.catalog.bytesMax) return undefined;
  const parsed = parseSnapshot(Buffer.from(bytes).toString('utf8'));
  return parsed.kind === 'catalog' ? parsed.catalog : undefined;
}

function parseClosed(region: string, bytes: Uint8Array): ClosedCaps | undefined {
  const parsed = parseClosedCaps(region, bytes);
  return parsed.kind === 'caps' ? parsed.caps : undefined;
}

function orLeave(problem: string | undefined): void {
  if (problem !== undefined) throw new LeftToNextRun(problem);
}
