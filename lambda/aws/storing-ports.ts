import type { QueueReceiver } from '../../core/ports.ts';
import { functionSettings, parseOneIn, readSettings } from '../../core/settings.ts';
import type { Lane } from '../drain.ts';
import type { PlacingPorts } from '../place-segment.ts';
import { type Side, sides } from '../places.ts';
import { createStorageSwitch } from '../storage-switch.ts';
import { type BufferedMetrics, emfMetrics } from './emf-metrics.ts';
import { powertoolsLog } from './logger.ts';
import { s3Bucket, s3Client } from './s3-bucket.ts';
import { sqsClient, sqsQueue } from './sqs-queue.ts';
import { systemClock } from './system-clock.ts';

export interface StoringPorts {
  readonly placing: PlacingPorts & { readonly metrics: BufferedMetrics };
  /** Names of the regions whose buckets they are. */
  readonly regions: Readonly<Record<Side, string>>;
  /** What a bucket is owed, to be received. */
  readonly lanes: readonly Lane[];
  /** A queue of the home region, by its URL. */
  homeQueue(url: string): QueueReceiver;
}

/** These functions never warm a bucket up: nobody waits for their first call. */
const warmKey = 'log/';

/** What `store` and `replay` have in common. Throws one error that names every variable that is missing. */
export function storingPorts(serviceName: string, environment: NodeJS.ProcessEnv): StoringPorts {
  const settings = readSettings(environment, ['region', ...functionSettings.store]);
  const queues = { home: sqsClient(settings.region), peer: sqsClient(settings.peerRegion) };
  const buckets = {
    home: { name: settings.homeBucket, bucket: s3Bucket(s3Client(settings.region), settings.homeBucket, warmKey) },
    peer: { name: settings.peerBucket, bucket: s3Bucket(s3Client(settings.peerRegion), settings.peerBucket, warmKey) },
  };
  const debts = {
    home: [sqsQueue(queues.home, settings.homeQueueOwedHomeUrl), sqsQueue(queues.peer, settings.peerQueueOwedHomeUrl)],
    peer: [sqsQueue(queues.home, settings.homeQueueOwedPeerUrl), sqsQueue(queues.peer, settings.peerQueueOwedPeerUrl)],
  };
  const around = {
    clock: systemClock,
    metrics: emfMetrics(systemClock, settings.metricNamespace),
    log: powertoolsLog(serviceName),
  };
  const bucket = { home: buckets.home.bucket, peer: buckets.peer.bucket };
  return {
    placing: {
      places: { buckets, debts, deadLetters: sqsQueue(queues.home, settings.deadLetterUrl) },
      storage: createStorageSwitch({ ...around, region: settings.region, bucket }),
      viaQueueOneIn: parseOneIn(settings.viaQueueOneIn),
      ...around,
    },
    regions: { home: settings.region, peer: settings.peerRegion },
    lanes: sides.map((side) => ({ side, target: buckets[side], queues: debts[side] })),
    homeQueue: (url) => sqsQueue(queues.home, url),
  };
}
