import { answerText, callOutcome } from '../../core/call-outcome.ts';
import { type ClosedCaps, type ClosedCapsIndex, closedCapsKey, parseClosedCaps } from '../../core/caps/closed-caps.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics as metricNames } from '../../core/metrics.ts';
import type { Bucket, Clock, Log, Metrics } from '../../core/ports.ts';
import { createRefresh } from '../shared/refresh.ts';
import type { CatalogSource } from './catalog-source.ts';

export interface CapsPorts {
  readonly region: string;
  readonly peerRegion: string;
  readonly bucket: { readonly home: Pick<Bucket, 'get'>; readonly peer: Pick<Bucket, 'get'> };
  /** A catalog without caps needs no reads. */
  readonly catalog: Pick<CatalogSource, 'current'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** The closed caps that one environment holds in memory. */
export interface CapsSource {
  /** Those of the object with the newest figures that was ever read. Empty when there was none. */
  current(): ClosedCapsIndex;
  /** Starts a refresh when one is due, and resolves when it has ended, well or not. Clicks do not wait for it. */
  refresh(): Promise<void>;
}

/** Where an object stands. `stats` of each region writes its object to both buckets. */
interface Place {
  readonly name: 'own' | 'peer-at-home' | 'peer';
  readonly bucket: 'home' | 'peer';
  readonly region: string;
}

/** What was read at a place last, so that an unchanged object is not read again. */
type Known = Map<Place, { readonly etag: string; readonly caps: ClosedCaps }>;

const noCaps: ClosedCapsIndex = new Map();
/** Each click asks, so none makes a promise of its own. */
const nothingToRead = Promise.resolve();

/** The object of the own region counts. While its figures are old, or it cannot be read, the peer's object counts too. */
export function createCapsSource(ports: CapsPorts): CapsSource {
  const { clock, catalog, region, peerRegion } = ports;
  const places: readonly Place[] = [
    { name: 'own', bucket: 'home', region },
    { name: 'peer-at-home', bucket: 'home', region: peerRegion },
    { name: 'peer', bucket: 'peer', region: peerRegion },
  ];
  const known: Known = new Map();
  let held: ClosedCaps | undefined;
  const read = async () => {
    for (const place of places) {
      const found = await readPlace(ports, place, known);
      held = newer(held, found);
      if (found !== undefined && clock.nowMs() - found.asOfMs <= limits.caps.staleMs) break;
    }
    return limits.caps.refreshIntervalMs;
  };
  const refresh = createRefresh({ clock, dueAtMs: Number.NEGATIVE_INFINITY, read });
  return {
    current: () => held?.closed ?? noCaps,
    refresh: () => (catalog.current().caps.size > 0 ? refresh() : nothingToRead),
  };
}

/** Of two objects with the same figures, the later one knows the newer catalog. */
function newer(held: ClosedCaps | undefined, found: ClosedCaps | undefined): ClosedCaps | undefined {
  if (held === undefined || found === undefined) return held ?? found;
  const isNewer = found.asOfMs - held.asOfMs || found.madeAtMs - held.madeAtMs;
  return isNewer > 0 ? found : held;
}

/** Undefined when the object is missing or cannot be used. */
async function readPlace(ports: CapsPorts, place: Place, known: Known): Promise<ClosedCaps | undefined> {
  const before = known.get(place);
  const bucket = ports.bucket[place.bucket];
  const result = await bucket.get(closedCapsKey(place.region), limits.caps.readBudgetMs, before?.etag);
  if (result.kind === 'failed') {
    if (result.answer.status === 304) return before?.caps;
    return callOutcome(result.answer) === 'missing' ? undefined : unusable(ports, place, answerText(result.answer));
  }
  const parsed = parseClosedCaps(place.region, result.value.body);
  if (parsed.kind === 'invalid') return unusable(ports, place, parsed.problem);
  // Figures of the future would win against all others until then.
  if (parsed.caps.asOfMs > ports.clock.nowMs() + limits.caps.aheadMs)
    return unusable(ports, place, 'its figures are from the future');
  known.set(place, { etag: result.value.etag, caps: parsed.caps });
  return parsed.caps;
}

function unusable({ metrics, log }: CapsPorts, { name }: Place, reason: string): undefined {
  metrics.count(metricNames.capsUnreadable, 1, { source: name });
  log.warn('an object of closed caps could not be used', { source: name, reason });
}
