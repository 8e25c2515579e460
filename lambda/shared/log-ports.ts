import { readSettings } from '../../core/config/settings.ts';
import { encodeWriter, type WriterName } from '../../core/log/segment-writer.ts';
import type { SegmentTargets, Side, StorageSwitchReader, Surroundings } from '../../eventlog/log-buckets.ts';
import { type BufferedMetrics, emfMetrics } from '../aws/emf-metrics.ts';
import { powertoolsLog } from '../aws/logger.ts';
import { s3Bucket, s3Client } from '../aws/s3-bucket.ts';
import { systemClock } from '../aws/system-clock.ts';
import { createStorageSwitch } from './storage-switch.ts';

export interface LogPorts extends Surroundings {
  readonly metrics: BufferedMetrics;
  /** Names of the regions whose buckets they are. */
  readonly regions: Readonly<Record<Side, string>>;
  readonly buckets: SegmentTargets['buckets'];
  readonly storage: StorageSwitchReader;
  /** The same buckets, for segments that name another writer. */
  bucketsOf(writer: WriterName): SegmentTargets['buckets'];
}

/** Both logs, for a function that writes to both. Throws one error that names every variable that is missing. */
export function logPorts(functionPart: 'store' | 'replay' | 'audit', environment: NodeJS.ProcessEnv): LogPorts {
  const names = ['region', 'peerRegion', 'homeBucket', 'peerBucket', 'metricNamespace'] as const;
  const { region, peerRegion, homeBucket, peerBucket, metricNamespace } = readSettings(environment, names);
  const clients = { home: s3Client(region), peer: s3Client(peerRegion) };
  const bucketsOf = (by: WriterName) => {
    const writer = encodeWriter({ by, region });
    return {
      home: { name: homeBucket, bucket: s3Bucket(clients.home, homeBucket, writer) },
      peer: { name: peerBucket, bucket: s3Bucket(clients.peer, peerBucket, writer) },
    };
  };
  const buckets = bucketsOf(functionPart);
  const around = {
    clock: systemClock,
    metrics: emfMetrics(systemClock, metricNamespace),
    log: powertoolsLog(functionPart),
  };
  const bucket = { home: buckets.home.bucket, peer: buckets.peer.bucket };
  return {
    ...around,
    regions: { home: region, peer: peerRegion },
    buckets,
    storage: createStorageSwitch({ ...around, region, bucket }),
    bucketsOf,
  };
}
