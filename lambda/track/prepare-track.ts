import { limits } from '../../core/limits/limits.ts';
import type { StorageSwitchReader } from '../../eventlog/log-buckets.ts';
import { type CatalogPorts, type CatalogSource, openCatalog } from './catalog-source.ts';
import type { RungPorts } from './rungs.ts';

export type PreparedPorts = Pick<RungPorts, 'intake'> &
  CatalogPorts & { readonly storage: Pick<StorageSwitchReader, 'refresh'> };

/**
 * Prepares an environment before its first request. No click shall pay for the first TLS handshake with a rung, or for
 * the first read of the catalog. No click waits longer than `limits.track.initWaitMs` for these either. A call that is
 * not done by then goes on beside the first request.
 */
export async function prepareTrack(ports: PreparedPorts): Promise<CatalogSource> {
  const { intake, storage, clock } = ports;
  const warmed = Promise.all([
    ...[intake.home, intake.peer].map((queue) => queue.warm(limits.capture.warmBudgetMs)),
    // The switch is read in the peer's bucket, and the catalog in the home bucket. So both connections are open.
    storage.refresh(),
  ]);
  const [catalog] = await Promise.all([
    openCatalog(ports),
    Promise.race([warmed, clock.sleep(limits.track.initWaitMs)]),
  ]);
  return catalog;
}
