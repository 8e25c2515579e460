import { functionSettings, parseOneIn, readSettings } from '../../core/config/settings.ts';
import { encodeWriter, type WriterName } from '../../core/log/segment-writer.ts';
import type { QueueReceiver } from '../../core/ports.ts';
import { type LogDestinations, type Side, sides } from '../../eventlog/log-buckets.ts';
import type { PlacingPorts } from '../../eventlog/place-segment.ts';
import { type BufferedMetrics, emfMetrics } from '../aws/emf-metrics.ts';
import { powertoolsLog } from '../aws/logger.ts';
import { s3Bucket, s3Client } from '../aws/s3-bucket.ts';
import { sqsClient, sqsQueue } from '../aws/sqs-queue.ts';
import { systemClock } from '../aws/system-clock.ts';
import type { Debtor } from '../replay/bucket-lane.ts';
import { createStorageSwitch } from './storage-switch.ts';

export interface StoringPorts {
  readonly placing: PlacingPorts & { readonly metrics: BufferedMetrics };
  /** Names of the regions whose buckets they are. */
  readonly regions: Readonly<Record<Side, string>>;
  /** What a bucket is owed, to be received. */
  readonly debtors: readonly Debtor[];
  /** A queue of the home region, by its URL. */
  homeQueue(url: string): QueueReceiver;
}

/** These functions never warm a bucket up: nobody waits for their first call. */
const warmKey = 'log/';

/** What `store` and `replay` have in common. Throws one error that names every variable that is missing. */
export function storingPorts(serviceName: 'store' | 'replay', environment: NodeJS.ProcessEnv): StoringPorts {
  const settings = readSettings(environment, ['region', ...functionSettings.store]);
  const queues = { home: sqsClient(settings.region), peer: sqsClient(settings.peerRegion) };
  const clients = { home: s3Client(settings.region), peer: s3Client(settings.peerRegion) };
  const bucketsOf = (by: WriterName): LogDestinations['buckets'] => {
    const { region, homeBucket, peerBucket } = settings;
    const writer = encodeWriter({ by, region });
    return {
      home: { name: homeBucket, bucket: s3Bucket(clients.home, homeBucket, warmKey, writer) },
      peer: { name: peerBucket, bucket: s3Bucket(clients.peer, peerBucket, warmKey, writer) },
    };
  };
  const [buckets, owedBuckets] = [bucketsOf(serviceName), bucketsOf('owed')];
  const debts = {
    home: [sqsQueue(queues.home, settings.homeQueueOwedHomeUrl), sqsQueue(queues.peer, settings.peerQueueOwedHomeUrl)],
    peer: [sqsQueue(queues.peer, settings.peerQueueOwedPeerUrl), sqsQueue(queues.home, settings.homeQueueOwedPeerUrl)],
  };
  const around = {
    clock: systemClock,
    metrics: emfMetrics(systemClock, settings.metricNamespace),
    log: powertoolsLog(serviceName),
  };
  const bucket = { home: buckets.home.bucket, peer: buckets.peer.bucket };
  return {
    placing: {
      destinations: { buckets, debts, deadLetters: sqsQueue(queues.home, settings.deadLetterUrl) },
      storage: createStorageSwitch({ ...around, region: settings.region, bucket }),
      viaQueueOneIn: parseOneIn(settings.viaQueueOneIn),
      ...around,
    },
    regions: { home: settings.region, peer: settings.peerRegion },
    debtors: sides.map((side) => ({ side, target: owedBuckets[side], queues: debts[side] })),
    homeQueue: (url) => sqsQueue(queues.home, url),
  };
}
