import { limits } from '../../core/limits/limits.ts';
import { type CatalogPorts, type CatalogSource, openCatalog } from './catalog-source.ts';
import type { RungPorts } from './rungs.ts';

/**
 * Prepares an environment before its first request. No click shall pay for the first TLS handshake with a rung, or for
 * the first read of the catalog. No click waits longer than `limits.track.initWaitMs` for these either. A call that is
 * not done by then goes on beside the first request.
 */
export async function prepareTrack(ports: RungPorts & CatalogPorts): Promise<CatalogSource> {
  const { intake, bucket, clock } = ports;
  const rungs = [intake.home, intake.peer, bucket.home, bucket.peer];
  const warmed = Promise.all(rungs.map((rung) => rung.warm(limits.capture.warmBudgetMs)));
  const [catalog] = await Promise.all([
    openCatalog(ports),
    Promise.race([warmed, clock.sleep(limits.track.initWaitMs)]),
  ]);
  return catalog;
}
