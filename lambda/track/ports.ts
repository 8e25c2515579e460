import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { functionSettings, readSettings } from '../../core/config/settings.ts';
import { limits } from '../../core/limits/limits.ts';
import { encodeWriter } from '../../core/log/segment-writer.ts';
import { metrics as metricNames } from '../../core/metrics.ts';
import type { Random } from '../../core/ports.ts';
import type { StorageSwitchReader } from '../../eventlog/log-buckets.ts';
import { type BufferedMetrics, emfMetrics } from '../aws/emf-metrics.ts';
import { powertoolsLog } from '../aws/logger.ts';
import { signedBucket } from '../aws/signed-bucket.ts';
import { signedQueue } from '../aws/signed-queue.ts';
import { systemClock } from '../aws/system-clock.ts';
import { systemRandom } from '../aws/system-random.ts';
import { createStorageSwitch } from '../shared/storage-switch.ts';
import { createSwitchSource } from '../shared/switch-source.ts';
import type { CatalogPorts } from './catalog-source.ts';
import type { DrainedParts } from './drained.ts';
import type { RungPorts } from './rungs.ts';

export interface TrackingPorts extends RungPorts, CatalogPorts, DrainedParts {
  readonly region: string;
  readonly settings: Readonly<Record<'region' | (typeof functionSettings.track)[number], string>>;
  readonly bucket: RungPorts['bucket'];
  readonly storage: StorageSwitchReader;
  readonly metrics: BufferedMetrics;
  readonly random: Random;
}

/** A line for each click would cost more than the click. What means loss does not wait. */
const pace = {
  intervalMs: limits.track.metricsIntervalMs,
  atOnce: new Set<string>([metricNames.unconfirmed, metricNames.conversionsRefused]),
};

/** What `track` reaches. Throws one error that names every variable that is missing. */
export function trackingPorts(environment: NodeJS.ProcessEnv): TrackingPorts {
  const settings = readSettings(environment, ['region', ...functionSettings.track]);
  const { region, peerRegion } = settings;
  const writer = encodeWriter({ by: 'track', region });
  const signing = { environment, clock: systemClock };
  const bucketAt = (at: string, name: string) => signedBucket({ region: at, bucket: name, writer }, signing);
  const bucket = { home: bucketAt(region, settings.homeBucket), peer: bucketAt(peerRegion, settings.peerBucket) };
  const around = {
    clock: systemClock,
    metrics: emfMetrics(systemClock, settings.metricNamespace, pace),
    log: powertoolsLog('track'),
  };
  const catalogFile = join(environment['LAMBDA_TASK_ROOT'] ?? '.', 'catalog.json');
  return {
    settings,
    intake: {
      home: signedQueue(region, settings.homeIntakeUrl, signing),
      peer: signedQueue(peerRegion, settings.peerIntakeUrl, signing),
    },
    bucket,
    storage: createStorageSwitch({ ...around, region, bucket }),
    region,
    peerRegion,
    peerShift: createSwitchSource({
      ...around,
      name: 'shift',
      region: peerRegion,
      copies: [bucket.home, bucket.peer],
    }),
    readBundle: () => readFile(catalogFile, 'utf8'),
    random: systemRandom,
    ...around,
  };
}
