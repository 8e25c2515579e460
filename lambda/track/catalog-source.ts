import type { Catalog } from '../../core/catalog/catalog.ts';
import { catalogKey, parseSnapshot } from '../../core/catalog/snapshot.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics as metricNames } from '../../core/metrics.ts';
import type { Bucket, Clock, Log, Metrics } from '../../core/ports.ts';
import { createRefresh } from '../shared/refresh.ts';

export interface CatalogPorts {
  readonly bucket: { readonly home: Pick<Bucket, 'get'>; readonly peer: Pick<Bucket, 'get'> };
  /** Text of the copy inside the function's own bundle. Throws when there is none. */
  readonly readBundle: () => Promise<string>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** The catalog that one environment holds in memory. */
export interface CatalogSource {
  /** The last good one, however old. */
  current(): Catalog;
  /**
   * Starts a refresh when one is due, and resolves when it has ended, well or not. Clicks do not wait for it. An
   * environment that was frozen in between goes on where it was, or tries again later.
   */
  refresh(): Promise<void>;
}

type Source = 'home' | 'peer' | 'bundle';

interface Held {
  readonly catalog: Catalog;
  readonly etag?: string;
}

/**
 * Cold start: takes the first catalog of the home bucket, the peer bucket and the bundle. The buckets have
 * `limits.track.initWaitMs`, and are asked again with the first request when that was not enough. Throws when none has
 * a catalog.
 */
export async function openCatalog(ports: CatalogPorts): Promise<CatalogSource> {
  const { clock } = ports;
  const found = await openBuckets(ports);
  let held = found ?? (await readBundle(ports));
  const read = async () => {
    const newest = await readBuckets(ports, held);
    held = newest ?? held;
    return newest ? limits.catalog.refreshIntervalMs : limits.catalog.retryIntervalMs;
  };
  const dueAtMs = clock.nowMs() + (found ? limits.catalog.refreshIntervalMs : 0);
  return { current: () => held.catalog, refresh: createRefresh({ clock, dueAtMs, read }) };
}

/** Asks home first. When home has not answered for a while, the peer is asked too, and the first good answer counts. */
async function openBuckets(ports: CatalogPorts): Promise<Held | undefined> {
  const { initWaitMs } = limits.track;
  const { patienceMs } = limits.catalog;
  const home = readBucket(ports, 'home', undefined, initWaitMs);
  const early = await Promise.race([home, ports.clock.sleep(patienceMs)]);
  if (early) return early;
  const peer = readBucket(ports, 'peer', undefined, initWaitMs - patienceMs);
  return (await Promise.race([home, peer])) ?? (await home) ?? (await peer);
}

/** The catalog of the first bucket that can be read. `held` itself when that catalog has not changed. */
async function readBuckets(ports: CatalogPorts, held: Held): Promise<Held | undefined> {
  const { refreshBudgetMs } = limits.catalog;
  return (await readBucket(ports, 'home', held, refreshBudgetMs)) ?? readBucket(ports, 'peer', held, refreshBudgetMs);
}

async function readBucket(
  ports: CatalogPorts,
  source: 'home' | 'peer',
  held: Held | undefined,
  budgetMs: number,
): Promise<Held | undefined> {
  const result = await ports.bucket[source].get(catalogKey, budgetMs, held?.etag);
  if (result.kind === 'failed') {
    if (result.answer.status === 304 && held !== undefined) return held;
    return unreadable(ports, source, `${result.answer.status} ${result.answer.code}`);
  }
  const { body, etag } = result.value;
  if (body.length > limits.catalog.bytesMax) return unreadable(ports, source, `${body.length} bytes are too many`);
  const parsed = parseSnapshot(Buffer.from(body).toString('utf8'));
  if (parsed.kind === 'invalid') return unreadable(ports, source, parsed.reason);
  return { catalog: parsed.catalog, etag };
}

async function readBundle(ports: CatalogPorts): Promise<Held> {
  const parsed = parseSnapshot(await ports.readBundle());
  if (parsed.kind === 'catalog') return { catalog: parsed.catalog };
  unreadable(ports, 'bundle', parsed.reason);
  throw new Error(`there is no catalog, neither in a bucket nor in the bundle: ${parsed.reason}`);
}

function unreadable({ metrics, log }: CatalogPorts, source: Source, reason: string): undefined {
  metrics.count(metricNames.catalogUnreadable, 1, { source });
  log.warn('a catalog could not be read', { source, reason });
}
