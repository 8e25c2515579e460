import { functionSettings, readSettings } from '../../core/config/settings.ts';
import { emfMetrics, flushingAfter } from '../aws/emf-metrics.ts';
import { powertoolsLog } from '../aws/logger.ts';
import { s3Bucket, s3Client } from '../aws/s3-bucket.ts';
import { sqsClient, sqsQueue } from '../aws/sqs-queue.ts';
import { systemClock } from '../aws/system-clock.ts';
import { countingPorts } from '../shared/counting-ports.ts';
import { createStats } from './stats.ts';

const settings = readSettings(process.env, ['region', ...functionSettings.stats]);
const { region, homeBucket, figuresTable, statsFailureUrl, deadLetterUrl, metricNamespace } = settings;
const queues = sqsClient(region);
const metrics = emfMetrics(systemClock, metricNamespace);

export const handler = flushingAfter(
  metrics,
  createStats({
    ...countingPorts(region, figuresTable),
    bucket: s3Bucket(s3Client(region), homeBucket, 'log/'),
    statsFailureQueue: sqsQueue(queues, statsFailureUrl),
    deadLetters: sqsQueue(queues, deadLetterUrl),
    metrics,
    log: powertoolsLog('stats'),
  }),
);
