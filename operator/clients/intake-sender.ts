import { SQSClient } from '@aws-sdk/client-sqs';
import { isTaken } from '../../core/call-outcome.ts';
import { intakeQueueName, queueUrl } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { sqsQueue } from '../../lambda/aws/sqs-queue.ts';
import type { Deployment } from './deployment.ts';

/** Sends event lines to the intake queue of the first region that takes them. */
export interface IntakeSender {
  /** Resolves to the region whose queue took the body; undefined when none did. */
  send(body: string): Promise<string | undefined>;
  close(): void;
}

/** Tries the region first that took the last body, so that a run waits for a dead region only once. */
export function openIntakeSender({ config, regions, clientOptions }: Deployment): IntakeSender {
  const places = regions.map((region) => {
    const client = new SQSClient({ ...clientOptions(region), useQueueUrlAsEndpoint: false });
    return { region, client, queue: sqsQueue(client, queueUrl(config, region, intakeQueueName(config))) };
  });
  let order = places;
  return {
    async send(body) {
      for (const place of order) {
        if (!isTaken(await place.queue.send(body, limits.operator.requestMs))) continue;
        order = [place, ...places.filter((other) => other !== place)];
        return place.region;
      }
      return undefined;
    },
    close: () => {
      for (const { client } of places) client.destroy();
    },
  };
}
