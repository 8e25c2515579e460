import { encodeOwedSegment } from '../../core/log/owed.ts';
import { type Segment, segmentsOf } from '../../core/log/segment.ts';
import type { Fault } from '../../local/fault/fault.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { sampleLine } from '../sample-lines.ts';
import { batchOf, invoke, sendTo, standingStill } from './by-hand.ts';
import { regionState } from './cloud-under-test.ts';
import { provokeLedger, provokeStats } from './provoke-counting.ts';
import { provokeNotify } from './provoke-notify.ts';
import { assertUsed, during, load, untilUsed } from './use-rights.ts';

/**
 * Makes the functions use every right that they have, which takes all drills otherwise. Pollers and schedules stand
 * still meanwhile: each function is handed what makes it use a right, and nobody else can take it.
 */
export async function provokeEveryGrant(cloud: LocalCloud): Promise<void> {
  await standingStill(cloud, async () => {
    await provokeTrack(cloud);
    await provokeStore(cloud);
    await provokeDeliver(cloud);
    await provokeStalledIntake(cloud);
    await provokeRepair(cloud);
    await provokeStats(cloud);
    await provokeNotify(cloud);
  });
  await provokeLedger(cloud);
}

/** Every call fails that could bring an event to safety. It counts as made. */
function nothingTaken(part: string): readonly Fault[] {
  return [
    { service: 's3', actions: ['PutObject'], callers: [part], effect: 'error', status: 403 },
    { service: 'sqs', actions: ['SendMessage'], callers: [part], effect: 'error', status: 403 },
  ];
}

/** Switches are read first from one region's bucket, and from the other when that fails. Without `region`, both fail. */
function firstBucketUnread(part: string, region?: string): readonly Fault[] {
  return [{ service: 's3', actions: ['GetObject'], callers: [part], effect: 'error', ...(region && { region }) }];
}

async function provokeTrack(cloud: LocalCloud): Promise<void> {
  await during(cloud, nothingTaken('track'), () =>
    untilUsed(cloud, /^track (s3:PutObject|sqs:SendMessage)/, () => load(cloud)),
  );
  // Environments that start without their bucket read the catalog from the other one.
  await during(cloud, firstBucketUnread('track'), async () => {
    const killed: Fault = { service: 'sqs', effect: 'kill', callers: ['track'], actions: ['SendMessage'] };
    await during(cloud, [killed], () => untilUsed(cloud, /^track s3:GetObject \w+'s catalog/, () => load(cloud)));
    await untilUsed(cloud, /^track s3:GetObject/, () => load(cloud));
  });
  assertUsed(cloud, /^track (s3|sqs)/);
}

async function provokeStore(cloud: LocalCloud): Promise<void> {
  const [home = '', peer = ''] = cloud.regions;
  await during(cloud, nothingTaken('store'), () => invoke(cloud, home, 'store', batchOf(sampleLine(1, Date.now()))));
  await invoke(cloud, home, 'store', batchOf('no event'));
  assertUsed(cloud, /^store (sqs:SendMessage|s3:PutObject)/);
  // Only the bucket that holds no switch either tells, by ListBucket, that there is none.
  await during(cloud, firstBucketUnread('store', peer), () =>
    untilUsed(cloud, /^store s3/, () => invoke(cloud, home, 'store', batchOf(sampleLine(2, Date.now())))),
  );
}

const deliver = { task: 'deliver' };

/** What two buckets are owed stands in two queues each: it cannot be delivered, then it can; then comes poison. */
async function provokeDeliver(cloud: LocalCloud): Promise<void> {
  const [home = '', peer = ''] = cloud.regions;
  for (const at of cloud.regions) for (const to of cloud.regions) await owe(cloud, at, to);
  await during(cloud, nothingTaken('replay'), () => invoke(cloud, home, 'replay', deliver));
  assertUsed(cloud, /^replay sqs:(ReceiveMessage|ChangeMessageVisibility) .* failure queue for/);
  await invoke(cloud, home, 'replay', deliver);
  await sendTo(cloud, home, `failure-${home}`, 'no segment');
  await invoke(cloud, home, 'replay', deliver);
  assertUsed(cloud, /^replay sqs:(DeleteMessage .* failure queue for|SendMessage .* dead-letter)/);
  await during(cloud, firstBucketUnread('replay', peer), () =>
    untilUsed(cloud, /^replay s3:(GetObject \w+'s switches|ListBucket)/, () => invoke(cloud, home, 'replay', deliver)),
  );
}

async function owe(cloud: LocalCloud, at: string, to: string): Promise<void> {
  const bucket = regionState(cloud, to).bucket.name;
  await sendTo(cloud, at, `failure-${to}`, encodeOwedSegment({ ...segmentOf(`${at} ${to}`), bucket }));
}

/** Another one for each name. */
function segmentOf(name: string): Segment {
  const seq = [...name].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 1_000_003, 0);
  const [segment] = segmentsOf([sampleLine(seq, Date.now())]);
  if (segment === undefined) throw new Error('one line made no segment');
  return segment;
}

/** Without pollers `replay` finds events in the intake queue: it has nowhere to put them, then it has. */
async function provokeStalledIntake(cloud: LocalCloud): Promise<void> {
  const [home = ''] = cloud.regions;
  await sendTo(cloud, home, 'intake', sampleLine(3, Date.now()));
  await during(cloud, nothingTaken('replay'), () => invoke(cloud, home, 'replay', deliver));
  assertUsed(
    cloud,
    /^replay sqs:(SendMessage .* failure queue for|(ReceiveMessage|ChangeMessageVisibility) .* intake)/,
  );
  await invoke(cloud, home, 'replay', deliver);
  assertUsed(cloud, /^replay sqs:DeleteMessage .* intake/);
}

/** Each log lacks what the other one holds. */
async function provokeRepair(cloud: LocalCloud): Promise<void> {
  const [home = ''] = cloud.regions;
  for (const region of cloud.regions) {
    const { key, gzip } = segmentOf(`repaired ${region}`);
    cloud.plantLogObject(region, key, gzip);
  }
  await invoke(cloud, home, 'audit', { task: 'repair-recent' });
  await during(cloud, firstBucketUnread('audit'), () =>
    untilUsed(cloud, /^audit s3:GetObject \w+'s switches/, () =>
      invoke(cloud, home, 'audit', { task: 'repair-recent' }),
    ),
  );
  assertUsed(cloud, /^audit s3/);
}
