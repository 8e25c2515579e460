import { functionSettings, readSettings } from '../../core/config/settings.ts';
import { type BufferedMetrics, emfMetrics } from '../aws/emf-metrics.ts';
import { powertoolsLog } from '../aws/logger.ts';
import { s3Bucket, s3Client } from '../aws/s3-bucket.ts';
import { sqsClient, sqsQueue } from '../aws/sqs-queue.ts';
import { systemClock } from '../aws/system-clock.ts';
import { systemRandom } from '../aws/system-random.ts';
import { openFacts } from './find-facts.ts';
import type { NotifyPorts } from './notify-run.ts';
import { openSender } from './send-postback.ts';

/** Throws one error that names every variable that is missing. */
export function notifyPorts(environment: NodeJS.ProcessEnv): NotifyPorts & { readonly metrics: BufferedMetrics } {
  const settings = readSettings(environment, ['region', ...functionSettings.notify]);
  const { region, peerRegion, primaryRegion, homeBucket, peerBucket, metricNamespace } = settings;
  const log = (at: string, name: string) => ({ name, bucket: s3Bucket(s3Client(at), name) });
  const buckets = { home: log(region, homeBucket), peer: log(peerRegion, peerBucket) };
  const around = { clock: systemClock, random: systemRandom, log: powertoolsLog('notify') };
  return {
    ...around,
    buckets,
    send: openSender({ clock: systemClock }).send,
    openFacts: (isOver) => openFacts({ ...around, bucket: buckets.home.bucket, isOver }),
    intake: {
      home: sqsQueue(sqsClient(region), settings.homeIntakeUrl),
      peer: sqsQueue(sqsClient(peerRegion), settings.peerIntakeUrl),
    },
    regions: { home: region, peer: peerRegion },
    isPrimary: region === primaryRegion,
    hasPostbacks: settings.postbacks === 'on',
    metrics: emfMetrics(systemClock, metricNamespace),
  };
}
