import { parseSnapshot } from '../../../core/catalog/snapshot.ts';
import { dayIn } from '../../../core/config/time-zone.ts';
import { decide } from '../../../core/tracking/decide.ts';
import { createCapture } from '../../../lambda/track/capture.ts';
import type { CatalogSource } from '../../../lambda/track/catalog-source.ts';
import type { DoorResult } from '../../../lambda/track/front-door.ts';
import { createRungs } from '../../../lambda/track/rungs.ts';
import { createTrack, type Track, type TrackParts } from '../../../lambda/track/track.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { httpApiPayload, type Sent } from './door-payloads.ts';
import { type World, worldOf } from './rung-doubles.ts';
import { smallCatalog } from './small-catalog.ts';

export interface TrackScene {
  readonly clock: SimulatedTime;
  readonly world: World;
  readonly track: Track;
  /** Sends a request and lets time pass until it is answered. */
  request(target: string, options?: RequestOptions): Promise<Answered>;
}

interface RequestOptions extends Omit<Sent, 'target'> {
  /** Left out: the HTTP API. */
  readonly door?: (sent: Sent) => unknown;
}

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly tookMs: number;
}

/** The handler with the real core behind it, over rungs that a test can make ill. */
export function trackScene(changed: Partial<TrackParts> = {}): TrackScene {
  const clock = new SimulatedTime();
  const world = worldOf(clock);
  let byte = 0;
  const track = createTrack({
    region: 'us-east-1',
    environmentId: 'environment-1',
    keys: { signing: '5'.repeat(64), accepted: '5'.repeat(64) },
    privacy: { clientAddress: 'full', userAgent: 'full' },
    dayOf: dayIn('UTC'),
    trackingNames: new Set(['go.example.com', 'go.brand.example']),
    decide,
    catalog: steadyCatalog(),
    caps: { current: () => new Map(), refresh: async () => {} },
    storage: world.storage,
    drained: async () => undefined,
    capture: createCapture(createRungs(world), clock, { peerFirstOneIn: 0, clickCapture: 'home' }),
    clock,
    random: { bytes: (length) => Buffer.alloc(length, byte++ % 256) },
    metrics: world.metrics,
    log: world.log,
    ...changed,
  });
  return {
    clock,
    world,
    track,
    async request(target, options = {}) {
      const startMs = clock.nowMs();
      const { door = httpApiPayload, headers, ...rest } = options;
      const payload = door({ target, headers: { 'user-agent': 'Mozilla/5.0', ...headers }, ...rest });
      return { ...answeredBy(await clock.until(track(payload))), tookMs: clock.nowMs() - startMs };
    },
  };
}

export function steadyCatalog(refresh: () => Promise<void> = async () => {}): CatalogSource {
  const parsed = parseSnapshot(smallCatalog('Network').text);
  if (parsed.kind === 'invalid') throw new Error(parsed.reason);
  return { current: () => parsed.catalog, refresh };
}

/** The answer of either door, each header with one value. */
export function answeredBy(result: DoorResult): Omit<Answered, 'tookMs'> {
  const { statusCode: status, body } = result;
  if ('headers' in result) return { status, headers: result.headers, body };
  const headers = Object.entries(result.multiValueHeaders).map(([name, values]) => [name, values.join()]);
  return { status, headers: Object.fromEntries(headers), body };
}
