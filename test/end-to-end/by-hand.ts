import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { LocalCloud } from '../../local/handle.ts';
import { eventually } from './cloud-under-test.ts';

/** Moves the parts of a cloud by hand, one after the other. What happens then does not depend on which part is faster. */

/** Pauses all pollers and schedules, waits until nothing runs, does the work, and lets them go on. */
export async function standingStill(cloud: LocalCloud, work: () => Promise<void>): Promise<void> {
  const schedules = cloud.addFault({ service: 'schedule', effect: 'pause' });
  const pollers = cloud.addFault({ service: 'pollers', effect: 'pause' });
  await eventually('nothing moves by itself', () => isStill(cloud, pollers.id));
  await work();
  for (const { id } of [schedules, pollers]) cloud.removeFault(id);
}

/** Each region asks in turn what is paused, for its poller and then its schedules: by then both have asked. */
const questionsMin = 4;

function isStill(cloud: LocalCloud, pollersId: string): boolean {
  const { faults, regions } = cloud.state();
  const hasObeyed = faults.some(({ id, strikes }) => id === pollersId && strikes >= questionsMin);
  // Visitors and health checks call `track` whatever is paused.
  return (
    hasObeyed &&
    regions.every(({ functions }) => functions.every(({ name, busy }) => busy === 0 || name.endsWith('track')))
  );
}

/** `part`: `store`, `replay`, … Throws when the function fails. */
export async function invoke(cloud: LocalCloud, region: string, part: string, event: unknown): Promise<void> {
  const answer = await cloud.invokeFunction(region, `keeptrack-${part}`, JSON.stringify(event));
  if (answer.kind === 'failed') throw new Error(`${part} in ${region} failed: ${answer.reason}`);
}

/** What an event source mapping hands to its function. */
export function batchOf(...bodies: readonly string[]) {
  return { Records: bodies.map((body, index) => ({ messageId: `by-hand-${index}`, body })) };
}

/** `queue`: the name without the deployment's. */
export async function sendTo(cloud: LocalCloud, region: string, queue: string, body: string): Promise<void> {
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' };
  const client = new SQSClient({ region, endpoint: cloud.urls.endpoint, useQueueUrlAsEndpoint: false, credentials });
  const QueueUrl = `https://sqs.${region}.amazonaws.com/111122223333/keeptrack-${queue}`;
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  client.destroy();
}
