import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogKey } from '../core/catalog/snapshot.ts';
import { limits } from '../core/limits.ts';
import { functionSettings, parseOneIn, readSettings } from '../core/settings.ts';
import { decide } from '../core/tracking/decide.ts';
import { emfMetrics, flushingAfter } from './aws/emf-metrics.ts';
import { powertoolsLog } from './aws/logger.ts';
import { s3Bucket, s3Client } from './aws/s3-bucket.ts';
import { sqsClient, sqsQueue } from './aws/sqs-queue.ts';
import { systemClock as clock } from './aws/system-clock.ts';
import { systemRandom as random } from './aws/system-random.ts';
import { createCapture, parseClickCapture } from './capture.ts';
import { openCatalog } from './catalog-source.ts';
import { createRungs } from './rungs.ts';
import { createTrack } from './track.ts';

const settings = readSettings(process.env, ['region', ...functionSettings.track]);
const { region, peerRegion } = settings;
const log = powertoolsLog('track');
const metrics = emfMetrics(clock);
const intake = {
  home: sqsQueue(sqsClient(region), settings.homeIntakeUrl),
  peer: sqsQueue(sqsClient(peerRegion), settings.peerIntakeUrl),
};
const bucket = {
  home: s3Bucket(s3Client(region), settings.homeBucket, catalogKey),
  peer: s3Bucket(s3Client(peerRegion), settings.peerBucket, catalogKey),
};
const readBundle = () => readFile(join(process.env['LAMBDA_TASK_ROOT'] ?? '.', 'catalog.json'), 'utf8');

// No click shall pay for the first TLS handshake with a rung, nor for the first look at the catalog.
const [catalog] = await Promise.all([
  openCatalog({ bucket, readBundle, clock, metrics, log }),
  ...[intake.home, intake.peer, bucket.home, bucket.peer].map((rung) => rung.warm(limits.capture.warmBudgetMs)),
]);

const track = createTrack({
  region,
  environmentId: Buffer.from(random.bytes(8)).toString('hex'),
  keys: { signing: settings.signingKey, accepted: settings.acceptedKey },
  decide,
  catalog,
  capture: createCapture(createRungs({ intake, bucket, clock, metrics, log }), clock, {
    peerFirstOneIn: parseOneIn(settings.peerFirstOneIn),
    clickCapture: parseClickCapture(settings.clickCapture),
  }),
  clock,
  random,
  metrics,
  log,
});

export const handler = flushingAfter(metrics, track);
