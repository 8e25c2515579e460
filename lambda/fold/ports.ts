import { functionSettings, readSettings } from '../../core/config/settings.ts';
import { dynamodbClient, dynamodbTable } from '../aws/dynamodb-table.ts';
import { type BufferedMetrics, emfMetrics } from '../aws/emf-metrics.ts';
import { powertoolsLog } from '../aws/logger.ts';
import { s3Bucket, s3Client } from '../aws/s3-bucket.ts';
import { systemClock } from '../aws/system-clock.ts';
import { systemRandom } from '../aws/system-random.ts';
import type { FoldPorts } from './run.ts';

/** What `stats` and `ledger` both need. Nobody waits for their first call, so no bucket is warmed up. */
export function foldPorts(
  functionPart: 'stats' | 'ledger',
  environment: NodeJS.ProcessEnv,
): FoldPorts & { readonly metrics: BufferedMetrics } {
  const settings = readSettings(environment, ['region', ...functionSettings.stats]);
  const { region, peerRegion, homeBucket, peerBucket, figuresTable, metricNamespace } = settings;
  const log = (at: string, name: string) => ({ name, bucket: s3Bucket(s3Client(at), name) });
  return {
    buckets: { home: log(region, homeBucket), peer: log(peerRegion, peerBucket) },
    index: dynamodbTable(dynamodbClient(region), figuresTable),
    clock: systemClock,
    random: systemRandom,
    hasPostbacks: settings.postbacks === 'on',
    metrics: emfMetrics(systemClock, metricNamespace),
    log: powertoolsLog(functionPart),
  };
}
