import type { Catalog } from '../core/catalog/catalog.ts';
import { catalogKey, parseSnapshot } from '../core/catalog/snapshot.ts';
import { limits } from '../core/limits.ts';
import { metrics as metricNames } from '../core/metrics.ts';
import type { Bucket, Clock, Log, Metrics } from '../core/ports.ts';

export interface CatalogPorts {
  readonly bucket: { readonly home: Bucket; readonly peer: Bucket };
  /** Text of the copy inside the function's own bundle; throws when there is none. */
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
   * Starts a refresh when one is due and resolves when it has ended, well or not. Clicks do not wait for it: an
   * environment frozen in between goes on where it was, or tries again later.
   */
  refresh(): Promise<void>;
}

type Source = 'home' | 'peer' | 'bundle';

interface Held {
  readonly catalog: Catalog;
  readonly etag?: string;
}

/** Cold start: the first of the home bucket, the peer bucket and the bundle. Throws when none of them has a catalog. */
export async function openCatalog(ports: CatalogPorts): Promise<CatalogSource> {
  let held = (await readBuckets(ports, undefined)) ?? (await readBundle(ports));
  let dueAtMs = ports.clock.nowMs() + limits.catalog.refreshIntervalMs;
  return {
    current: () => held.catalog,
    async refresh() {
      if (ports.clock.nowMs() < dueAtMs) return;
      // Set before the first wait, so that requests in the meantime do not start a second one.
      dueAtMs = ports.clock.nowMs() + limits.catalog.retryIntervalMs;
      const read = await readBuckets(ports, held);
      if (read === undefined) return;
      held = read;
      dueAtMs = ports.clock.nowMs() + limits.catalog.refreshIntervalMs;
    },
  };
}

/** What the first bucket has that can be read; `held` itself when it is that still. */
async function readBuckets(ports: CatalogPorts, held: Held | undefined): Promise<Held | undefined> {
  return (await readBucket(ports, 'home', held)) ?? (await readBucket(ports, 'peer', held));
}

async function readBucket(ports: CatalogPorts, source: 'home' | 'peer', held: Held | undefined) {
  const result = await ports.bucket[source].get(catalogKey, limits.catalog.refreshBudgetMs, held?.etag);
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
