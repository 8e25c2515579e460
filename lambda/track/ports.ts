import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogKey } from '../../core/catalog/snapshot.ts';
import { functionSettings, readSettings } from '../../core/config/settings.ts';
import { encodeWriter } from '../../core/log/segment-writer.ts';
import type { Random } from '../../core/ports.ts';
import type { StorageSwitchReader } from '../../eventlog/log-buckets.ts';
import { type BufferedMetrics, emfMetrics } from '../aws/emf-metrics.ts';
import { powertoolsLog } from '../aws/logger.ts';
import { s3Bucket, s3Client } from '../aws/s3-bucket.ts';
import { sqsClient, sqsQueue } from '../aws/sqs-queue.ts';
import { systemClock } from '../aws/system-clock.ts';
import { systemRandom } from '../aws/system-random.ts';
import { createStorageSwitch } from '../shared/storage-switch.ts';
import { createSwitchSource } from '../shared/switch-source.ts';
import type { CatalogPorts } from './catalog-source.ts';
import type { DrainedParts } from './drained.ts';
import type { RungPorts } from './rungs.ts';

export interface TrackingPorts extends RungPorts, CatalogPorts, DrainedParts {
  readonly settings: Readonly<Record<'region' | (typeof functionSettings.track)[number], string>>;
  readonly storage: StorageSwitchReader;
  readonly metrics: BufferedMetrics;
  readonly random: Random;
}

/** What `track` reaches. Throws one error that names every variable that is missing. */
export function trackingPorts(environment: NodeJS.ProcessEnv): TrackingPorts {
  const settings = readSettings(environment, ['region', ...functionSettings.track]);
  const { region, peerRegion } = settings;
  const writer = encodeWriter({ by: 'track', region });
  const bucket = {
    home: s3Bucket(s3Client(region), settings.homeBucket, catalogKey, writer),
    peer: s3Bucket(s3Client(peerRegion), settings.peerBucket, catalogKey, writer),
  };
  const around = {
    clock: systemClock,
    metrics: emfMetrics(systemClock, settings.metricNamespace),
    log: powertoolsLog('track'),
  };
  const catalogFile = join(environment['LAMBDA_TASK_ROOT'] ?? '.', 'catalog.json');
  return {
    settings,
    intake: {
      home: sqsQueue(sqsClient(region), settings.homeIntakeUrl),
      peer: sqsQueue(sqsClient(peerRegion), settings.peerIntakeUrl),
    },
    bucket,
    storage: createStorageSwitch({ ...around, region, bucket }),
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
