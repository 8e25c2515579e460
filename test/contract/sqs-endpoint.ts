import { randomUUID } from 'node:crypto';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { seededChance } from '../../core/seeded-chance.ts';
import { startEndpoint } from '../../local/endpoint/endpoint.ts';
import { FaultBoard } from '../../local/fault/fault-board.ts';
import { anyPort } from '../../local/listen.ts';
import type { QueueSettings } from '../../local/model/queue.ts';
import { createQueues } from '../../local/model/region-queues.ts';
import { createSqsService } from '../../local/wire/sqs.ts';
import { SimulatedTime } from '../../simulation/simulated-time.ts';

/**
 * What the contract runs against: our own SQS, with a clock that the tests move, or any other whose address the
 * environment gives. There the tests make queues of their own, and remove them.
 */
export interface ContractEndpoint {
  readonly client: SQSClient;
  /** Standard queue; gives up on a message after two receives. */
  readonly queueUrl: string;
  readonly deadLettersUrl: string;
  /** Lets a little time pass for the queues. */
  passTime(): Promise<void>;
  close(): Promise<void>;
}

const region = process.env['CONTRACT_SQS_REGION'] ?? 'us-east-1';
const stepMs = 250;
const receiveCountMax = 2;

export function openContractEndpoint(): Promise<ContractEndpoint> {
  const given = process.env['CONTRACT_SQS_ENDPOINT'];
  return given === undefined ? openOurOwn() : openForeign(given);
}

async function openForeign(url: string): Promise<ContractEndpoint> {
  const client = new SQSClient({ region, endpoint: url, useQueueUrlAsEndpoint: false, maxAttempts: 1 });
  const name = `contract-${randomUUID()}`;
  const deadLettersUrl = await createQueue(client, `${name}-dead-letters`, {});
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLettersUrl, AttributeNames: ['QueueArn'] }),
  );
  const redrive = { deadLetterTargetArn: Attributes?.['QueueArn'], maxReceiveCount: receiveCountMax };
  const queueUrl = await createQueue(client, name, { RedrivePolicy: JSON.stringify(redrive) });
  return {
    ...{ client, queueUrl, deadLettersUrl },
    passTime: () => new Promise((resolve) => setTimeout(resolve, stepMs)),
    async close() {
      for (const QueueUrl of [queueUrl, deadLettersUrl]) await client.send(new DeleteQueueCommand({ QueueUrl }));
      client.destroy();
    },
  };
}

async function createQueue(client: SQSClient, name: string, attributes: Record<string, string>): Promise<string> {
  const command = new CreateQueueCommand({ QueueName: name, Attributes: attributes });
  const { QueueUrl } = await client.send(command);
  if (!QueueUrl) throw new Error(`the endpoint made no queue ${name}`);
  return QueueUrl;
}

async function openOurOwn(): Promise<ContractEndpoint> {
  const time = new SimulatedTime();
  const chance = seededChance(1);
  const queues = createQueues(ourQueues, { time, chance });
  const endpoint = await startEndpoint({
    port: anyPort,
    services: [createSqsService({ queues: [...queues.values()], startedAtMs: time.nowMs(), requestId: randomUUID })],
    faults: new FaultBoard({ time, chance }),
    time,
    chance,
    policyOf: () => [],
    kill: () => {},
    onSurprise: (error) => console.error(error),
  });
  const credentials = { accessKeyId: 'contract', secretAccessKey: 'contract' };
  const client = new SQSClient({
    ...{ region, credentials, endpoint: endpoint.url, useQueueUrlAsEndpoint: false, maxAttempts: 1 },
  });
  return {
    client,
    queueUrl: `https://sqs.${region}.amazonaws.com/${account}/contract`,
    deadLettersUrl: `https://sqs.${region}.amazonaws.com/${account}/contract-dead-letters`,
    passTime: () => time.pass(stepMs),
    async close() {
      client.destroy();
      await endpoint.close();
    },
  };
}

const account = '111122223333';
const plain = {
  visibilityTimeoutSeconds: 30,
  retentionSeconds: 345_600,
  receiveWaitSeconds: 0,
  delaySeconds: 0,
  messageBytesMax: 1_048_576,
};
const deadLetterArn = `arn:aws:sqs:${region}:${account}:contract-dead-letters`;
const ourQueues: readonly QueueSettings[] = [
  {
    ...plain,
    name: 'contract',
    arn: `arn:aws:sqs:${region}:${account}:contract`,
    redrive: { deadLetterArn, receiveCountMax },
  },
  { ...plain, name: 'contract-dead-letters', arn: deadLetterArn },
];
