import { limits } from '../../core/limits.ts';
import { functionSettings, readSettings } from '../../core/settings.ts';
import { createDirectory } from '../directory.ts';
import type { LedgerPorts } from '../ledger/ports.ts';
import { dynamodbClient, dynamodbTable } from './dynamodb-table.ts';
import { type BufferedMetrics, emfMetrics } from './emf-metrics.ts';
import { powertoolsLog } from './logger.ts';
import { s3Bucket, s3Client } from './s3-bucket.ts';
import { systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';

/** Throws one error that names every variable that is missing. */
export function ledgerPorts(environment: NodeJS.ProcessEnv): LedgerPorts & { readonly metrics: BufferedMetrics } {
  const settings = readSettings(environment, ['region', ...functionSettings.ledger]);
  const { region, peerRegion, homeBucket, peerBucket, figuresTable, metricNamespace } = settings;
  // Nobody waits for its first call, so no bucket is warmed up.
  const log = (at: string, name: string) => ({ name, bucket: s3Bucket(s3Client(at), name, 'log/') });
  const table = dynamodbTable(dynamodbClient(region), figuresTable);
  const around = { clock: systemClock, random: systemRandom };
  return {
    buckets: { home: log(region, homeBucket), peer: log(peerRegion, peerBucket) },
    table,
    directory: createDirectory(table, around),
    passBytesMax: limits.ledger.passBytesMax,
    metrics: emfMetrics(systemClock, metricNamespace),
    log: powertoolsLog('ledger'),
    ...around,
  };
}
