import { SQSClient } from '@aws-sdk/client-sqs';
import { answerText, isTaken } from '../../core/call-outcome.ts';
import { intakeQueueName, queueUrl } from '../../core/config/resource-names.ts';
import { intakeBodies } from '../../core/event/unconfirmed.ts';
import { limits } from '../../core/limits/limits.ts';
import type { QueueSender } from '../../core/ports.ts';
import { sqsQueue } from '../../lambda/aws/sqs-queue.ts';
import type { Deployment } from './deployment.ts';

/** What became of event lines that were sent to the intake queues of both regions. */
export interface SentLines {
  /** How many lines at least one region took, from the first on. */
  readonly taken: number;
  readonly regions: readonly SentToRegion[];
}

interface SentToRegion {
  readonly region: string;
  readonly taken: number;
  /** Why the region did not take all; absent when it did. */
  readonly failure?: string;
}

/**
 * Sends the same lines to both regions, as `track` does with a conversion. So a decision survives a region that never
 * comes back. Stops at the first message that no region takes. `onTaken` is called with the number of lines so far.
 */
export async function sendToBothIntakes(
  { config, regions, clientOptions }: Deployment,
  lines: readonly string[],
  onTaken: (taken: number) => void,
): Promise<SentLines> {
  const clients = regions.map((region) => new SQSClient({ ...clientOptions(region), useQueueUrlAsEndpoint: false }));
  const queues = regions.map((region, index) => {
    const client = clients[index] as SQSClient;
    return new RegionIntake(region, sqsQueue(client, queueUrl(config, region, intakeQueueName(config))));
  });
  let taken = 0;
  try {
    for (const body of intakeBodies(lines, limits.operator.intakeBodyBytesMax)) {
      if (!(await sendBody(queues, body))) break;
      taken += body.length;
      onTaken(taken);
    }
  } finally {
    for (const client of clients) client.destroy();
  }
  return { taken, regions: queues.map((queue) => queue.sent()) };
}

/** Whether a region took it. A region that failed is asked again only when no other one takes the message. */
async function sendBody(queues: readonly RegionIntake[], body: readonly string[]): Promise<boolean> {
  const well = queues.filter(({ hasFailed }) => !hasFailed);
  const taken = await Promise.all(well.map((queue) => queue.send(body)));
  if (taken.includes(true)) return true;
  const others = queues.filter((queue) => !well.includes(queue));
  return (await Promise.all(others.map((queue) => queue.send(body)))).includes(true);
}

class RegionIntake {
  readonly #region: string;
  readonly #queue: Pick<QueueSender, 'send'>;
  #taken = 0;
  #failure: string | undefined;

  constructor(region: string, queue: Pick<QueueSender, 'send'>) {
    this.#region = region;
    this.#queue = queue;
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  async send(body: readonly string[]): Promise<boolean> {
    const answer = await this.#queue.send(body.join('\n'), limits.operator.requestMs);
    if (isTaken(answer)) this.#taken += body.length;
    else this.#failure = answerText(answer);
    return isTaken(answer);
  }

  sent(): SentToRegion {
    const failure = this.#failure;
    return { region: this.#region, taken: this.#taken, ...(failure !== undefined && { failure }) };
  }
}
