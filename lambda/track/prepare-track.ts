import { limits } from '../../core/limits/limits.ts';
import type { StorageSwitchReader } from '../../eventlog/log-buckets.ts';
import { type CapsPorts, type CapsSource, createCapsSource } from './caps-source.ts';
import { type CatalogPorts, type CatalogSource, openCatalog } from './catalog-source.ts';
import type { RungPorts } from './rungs.ts';

export type PreparedPorts = Pick<RungPorts, 'intake'> &
  CatalogPorts &
  Omit<CapsPorts, 'catalog'> & { readonly storage: Pick<StorageSwitchReader, 'refresh'> };

export interface PreparedTrack {
  readonly catalog: CatalogSource;
  readonly caps: CapsSource;
}

/**
 * Prepares an environment before its first request. No click shall pay for the first TLS handshake with a rung, or for
 * the first read of the catalog and the closed caps. No click waits longer than `limits.track.initWaitMs` for these either. A call that is
 * not done by then goes on beside the first request.
 */
export async function prepareTrack(ports: PreparedPorts): Promise<PreparedTrack> {
  const { intake, storage, clock } = ports;
  const initEnded = clock.sleep(limits.track.initWaitMs);
  const warmed = Promise.all([
    ...[intake.home, intake.peer].map((queue) => queue.warm(limits.capture.warmBudgetMs)),
    // The switch is read in the peer's bucket, and the catalog in the home bucket. So both connections are open.
    storage.refresh(),
  ]);
  const [catalog] = await Promise.all([openCatalog(ports), Promise.race([warmed, initEnded])]);
  const caps = createCapsSource({ ...ports, catalog });
  await Promise.race([caps.refresh(), initEnded]);
  return { catalog, caps };
}
