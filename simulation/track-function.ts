import { dayIn } from '../core/config/time-zone.ts';
import { limits } from '../core/limits/limits.ts';
import { decide } from '../core/tracking/decide.ts';
import { createSwitchSource } from '../lambda/shared/switch-source.ts';
import { createCapture } from '../lambda/track/capture.ts';
import { createDrained } from '../lambda/track/drained.ts';
import type { DoorResult } from '../lambda/track/front-door.ts';
import { prepareTrack } from '../lambda/track/prepare-track.ts';
import { createRungs } from '../lambda/track/rungs.ts';
import { createTrack, type Track } from '../lambda/track/track.ts';
import { type WarmFunction, warmFunction } from './warm-function.ts';
import { otherThan, type RegionName, type SimulatedWorld, type WorldFunction } from './world.ts';

export interface TrackSettings {
  /** The catalog inside the function's bundle. */
  readonly bundle: string;
  readonly timeZone: string;
}

const key = '5'.repeat(64);

/** `track` of one region. The event is what its front door hands over. */
export function trackFunction(
  world: SimulatedWorld,
  home: RegionName,
  settings: TrackSettings,
): WarmFunction<unknown, DoorResult> {
  return warmFunction({ world, home, functionName: 'track' }, limits.track.timeoutSeconds * 1_000, (ports) => {
    const track = startTrack(world, home, settings, ports);
    return async (payload) => (await track)(payload);
  });
}

async function startTrack(
  world: SimulatedWorld,
  home: RegionName,
  { bundle, timeZone }: TrackSettings,
  { placing, intake, notify: { random } }: WorldFunction,
): Promise<Track> {
  const { clock, metrics, log, targets, storage } = placing;
  const around = { clock, metrics, log };
  const peerRegion = otherThan(home);
  const bucket = { home: targets.buckets.home.bucket, peer: targets.buckets.peer.bucket };
  const peerShift = createSwitchSource({
    ...around,
    name: 'shift',
    region: peerRegion,
    copies: [bucket.home, bucket.peer],
  });
  const ports = { ...around, region: home, peerRegion, bucket, intake, storage, readBundle: async () => bundle };
  const prepared = await prepareTrack(ports);
  return createTrack({
    ...ports,
    ...prepared,
    environmentId: Buffer.from(random.bytes(8)).toString('hex'),
    keys: { signing: key, accepted: key },
    privacy: { clientAddress: 'full', userAgent: 'full' },
    dayOf: dayIn(timeZone),
    trackingNames: new Set(['go.example.com']),
    decide,
    drained: createDrained({ clock, peerRegion, peerShift }),
    capture: createCapture(createRungs(ports), world.time, { peerFirstOneIn: 0, clickCapture: 'home' }),
    random,
  });
}
