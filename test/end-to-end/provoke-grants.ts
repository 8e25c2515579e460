import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Fault } from '../../local/fault/fault.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { eventually } from './cloud-under-test.ts';
import { provokeCounting } from './provoke-counting.ts';
import { during, load, loadUntilUsed } from './use-rights.ts';

/**
 * Makes the functions use, within a minute or two, every right that they have: what takes all drills otherwise. Each step
 * is a fault with a load, or something that no outage brings.
 */
export async function provokeEveryGrant(cloud: LocalCloud): Promise<void> {
  // Straight into the buckets, a click into one of them alone: repair has to copy it.
  await during(cloud, [{ service: 'sqs', actions: ['SendMessage'], callers: ['track'], effect: 'error' }], () =>
    loadUntilUsed(cloud, /^track s3:PutObject/),
  );
  const nothingTaken: readonly Fault[] = [
    { service: 's3', actions: ['PutObject'], callers: ['store', 'replay'], effect: 'error', status: 403 },
    { service: 'sqs', actions: ['SendMessage'], callers: ['store', 'replay'], effect: 'error', status: 403 },
  ];
  // Without pollers replay finds the messages, and has nowhere to put them.
  await during(cloud, [...nothingTaken, { service: 'pollers', effect: 'pause' }], () =>
    loadUntilUsed(cloud, /^replay sqs:(SendMessage .* debts|ChangeMessageVisibility .* intake)/),
  );
  await during(cloud, nothingTaken, () => loadUntilUsed(cloud, /^store sqs:SendMessage .* debts/));
  // Debts of one region stand in the other one's queues, and cannot be paid at first.
  const [primary = ''] = cloud.regions;
  const owing: readonly Fault[] = [
    { service: 's3', actions: ['PutObject'], callers: ['store', 'replay'], effect: 'error' },
    { service: 'sqs', actions: ['SendMessage'], callers: ['store'], region: primary, effect: 'error' },
  ];
  await during(cloud, owing, () => loadUntilUsed(cloud, /^replay sqs:ChangeMessageVisibility .* debts/));
  // Either region pays such a debt, and the one whose queue holds it is quicker: so it has to rest meanwhile.
  await during(cloud, owing, () => eventually('something is owed', () => load(cloud).then(() => debts(cloud) > 3)));
  const [, secondary = ''] = cloud.regions;
  await during(cloud, [{ service: 'schedule', region: secondary, effect: 'pause' }], () =>
    eventually('the other region pays all debts', () => debts(cloud) === 0),
  );
  // The copy of a switch that is read when the first one cannot be; that there is none, only ListBucket tells.
  await during(cloud, [{ service: 's3', region: primary, actions: ['GetObject'], effect: 'error' }], () =>
    loadUntilUsed(cloud, /^\w+ s3:GetObject \w+'s switches|^(track|store) s3:ListBucket/),
  );
  await during(cloud, [{ service: 'pollers', effect: 'pause' }], () =>
    loadUntilUsed(cloud, /^replay sqs:DeleteMessage .* intake/),
  );
  await provokeCounting(cloud);
  await sendPoison(cloud);
}

function debts(cloud: LocalCloud): number {
  const queues = cloud.state().regions.flatMap((region) => region.queues);
  return queues
    .filter(({ name }) => name.includes('-failure-'))
    .reduce((sum, { visible, inFlight }) => sum + visible + inFlight, 0);
}

/** What can never be stored, into every queue that somebody takes from. */
async function sendPoison(cloud: LocalCloud): Promise<void> {
  for (const { region, queues } of cloud.state().regions) {
    const client = new SQSClient({
      region,
      endpoint: cloud.urls.endpoint,
      useQueueUrlAsEndpoint: false,
      credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
    });
    for (const { name } of queues) {
      if (name.endsWith('dead-letters')) continue;
      const QueueUrl = `https://sqs.${region}.amazonaws.com/111122223333/${name}`;
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'no event and no segment' }));
    }
    client.destroy();
  }
}
