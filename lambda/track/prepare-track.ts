import { limits } from '../../core/limits/limits.ts';
import { type CatalogPorts, type CatalogSource, openCatalog } from './catalog-source.ts';
import type { RungPorts } from './rungs.ts';

/**
 * What an environment of `track` does before its first request. No click shall pay for the first TLS handshake with a
 * rung, nor for the first look at the catalog; but none waits longer than `limits.track.initWaitMs` for them either,
 * whatever hangs. A call that is not done then goes on beside the first request.
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
