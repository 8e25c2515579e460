import type { Clock, Log } from '../../core/ports.ts';
import type { TrackContext, TrackRequest } from '../../core/tracking/decision.ts';
import type { CapsSource } from './caps-source.ts';
import type { CatalogSource } from './catalog-source.ts';
import type { Decide } from './decide-with-fallback.ts';
import { createStamp } from './stamp.ts';

export interface RehearsalParts extends Omit<TrackContext, 'catalog' | 'closedCaps' | 'nowMs'> {
  readonly decide: Decide;
  readonly catalog: Pick<CatalogSource, 'current'>;
  readonly caps: Pick<CapsSource, 'current'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Log;
}

/**
 * Decides a click that nobody has sent, during init. So the first real click finds the code compiled. Nothing is
 * captured. Never throws: a defect here must not keep an environment from starting.
 */
export function rehearse({ decide, log, ...parts }: RehearsalParts): void {
  const [catalog, nowMs] = [parts.catalog.current(), parts.clock.nowMs()];
  const [offerId = 1] = catalog.offers.keys();
  const [affiliateId = 1] = catalog.affiliates.keys();
  try {
    const decision = decide(clickOn(offerId, affiliateId), {
      ...parts,
      catalog,
      closedCaps: parts.caps.current(),
      nowMs,
    });
    if (decision.kind !== 'capture') return;
    // By a stamp of its own, because the numbers of the environment belong to events that are captured.
    createStamp({ ...parts, environmentId: '' })(decision.draft, nowMs);
  } catch (error) {
    log.error('the rehearsal of a click failed', { error });
  }
}

function clickOn(offerId: number, affiliateId: number): TrackRequest {
  const rawQuery = `offer_id=${offerId}&aff_id=${affiliateId}&aff_sub=rehearsal`;
  const userAgent = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0';
  return { method: 'GET', path: '/aff_c', rawQuery, userAgent, referer: '', ip: '192.0.2.1' };
}
