import { functionSettings, readSettings } from '../../core/config/settings.ts';
import { limits } from '../../core/limits/limits.ts';
import { dynamodbClient, dynamodbTable } from '../aws/dynamodb-table.ts';
import { type BufferedMetrics, emfMetrics } from '../aws/emf-metrics.ts';
import { powertoolsLog } from '../aws/logger.ts';
import { s3Bucket, s3Client } from '../aws/s3-bucket.ts';
import { systemClock } from '../aws/system-clock.ts';
import { systemRandom } from '../aws/system-random.ts';
import { createOffersByDay } from '../shared/offers-by-day.ts';
import type { LedgerPorts } from './steps.ts';

/** Throws one error that names every variable that is missing. */
export function ledgerPorts(environment: NodeJS.ProcessEnv): LedgerPorts & { readonly metrics: BufferedMetrics } {
  const settings = readSettings(environment, ['region', ...functionSettings.ledger]);
  const { region, peerRegion, homeBucket, peerBucket, figuresTable, metricNamespace } = settings;
  // Nobody waits for the ledger's first call, so no bucket is warmed up.
  const log = (at: string, name: string) => ({ name, bucket: s3Bucket(s3Client(at), name, 'log/') });
  const table = dynamodbTable(dynamodbClient(region), figuresTable);
  const around = { clock: systemClock, random: systemRandom };
  return {
    buckets: { home: log(region, homeBucket), peer: log(peerRegion, peerBucket) },
    table,
    offersByDay: createOffersByDay(table, around),
    passBytesMax: limits.ledger.passBytesMax,
    metrics: emfMetrics(systemClock, metricNamespace),
    log: powertoolsLog('ledger'),
    ...around,
  };
}
