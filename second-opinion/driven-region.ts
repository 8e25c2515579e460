import { randomUUID } from 'node:crypto';
import { DeleteBucketCommand, DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { createLambdaHost, type LambdaHost } from '../local/lambda-host/lambda-host.ts';
import { anyPort } from '../local/listen.ts';
import type { LocalWorld } from '../local/local-world.ts';
import { Batch } from '../local/model/mapping-batch.ts';
import type { HandedMessage } from '../local/model/queue-message.ts';
import { type RegionDoors, startDoors } from '../local/region-doors.ts';
import type { MappingTemplate, RegionTemplate } from '../local/template/region-template.ts';
import { clientOptions } from './deployed.ts';
import type { Moto } from './moto.ts';

/** A region whose deployed bundles run on this machine. Their AWS is moto. */
export interface DrivenRegion {
  readonly template: RegionTemplate;
  /** The address of each front door. */
  readonly doorUrls: readonly string[];
  /** Invokes a function as its schedule does, and returns its report. Throws when the function fails. */
  runTask(part: string, event: object): Promise<unknown>;
  /** Hands the intake queue's messages to `store` until none is left. Returns how many it took. */
  store(): Promise<number>;
  /** Messages in all its queues, also those in flight. */
  waiting(): Promise<number>;
  /** Deletes the log's bucket with all its objects and versions. */
  deleteLog(): Promise<void>;
  close(): Promise<void>;
}

/** `onOutput` gets the lines that the functions log. */
export async function driveRegion(
  template: RegionTemplate,
  { moto, world, onOutput }: { moto: Moto; world: LocalWorld; onOutput: (text: string) => void },
): Promise<DrivenRegion> {
  const { region } = template;
  const host = createLambdaHost({
    region,
    functions: template.functions,
    endpointUrl: moto.url,
    internet: world.internet,
    environmentsMax: () => 2,
    time: world.time,
    fastTime: world.fastTime,
    requestId: randomUUID,
    coldFails: () => false,
    onOutput: (_name, text) => onOutput(text),
  });
  const doors = await startDoors(template, world, host, { main: anyPort, overHttp: anyPort });
  const sqs = new SQSClient({ ...clientOptions(moto, region), useQueueUrlAsEndpoint: false });
  const s3 = new S3Client({ ...clientOptions(moto, region), forcePathStyle: true });
  return {
    template,
    doorUrls: urlsOf(doors),
    runTask: (part, event) => invoke(host, functionArn(template, part), event),
    store: () => storeAll(template, host, sqs),
    waiting: () => countMessages(template, sqs),
    deleteLog: () => deleteBucket(s3, logOf(template)),
    async close() {
      await doors.close();
      await host.stop();
      sqs.destroy();
      s3.destroy();
    },
  };
}

function urlsOf({ doors }: RegionDoors): readonly string[] {
  return doors.flatMap(({ url, overHttpUrl }) => (overHttpUrl === undefined ? [url] : [url, overHttpUrl]));
}

function functionArn({ functions }: RegionTemplate, part: string): string {
  const found = functions.find(({ name }) => name.endsWith(`-${part}`));
  if (!found) throw new Error(`the template has no function ${part}`);
  return found.arn;
}

export function logOf({ buckets }: RegionTemplate): string {
  const [log, ...others] = buckets;
  if (!log || others.length > 0) throw new Error(`the template must have one bucket, not ${buckets.length}`);
  return log.name;
}

async function invoke(host: LambdaHost, arn: string, event: object): Promise<unknown> {
  const outcome = await host.invoke(arn, JSON.stringify(event));
  if (outcome.kind === 'done') return JSON.parse(outcome.payload);
  throw new Error(`${arn} failed: ${JSON.stringify(outcome)}`);
}

async function storeAll(template: RegionTemplate, host: LambdaHost, sqs: SQSClient): Promise<number> {
  let stored = 0;
  for (const mapping of template.mappings) {
    for (let taken = 1; taken > 0; stored += taken) taken = await storeBatch(mapping, template, host, sqs);
  }
  return stored;
}

/** As an event source mapping does: receives, invokes, and deletes what the function has not given back. */
async function storeBatch(
  mapping: MappingTemplate,
  { account, region }: RegionTemplate,
  host: LambdaHost,
  sqs: SQSClient,
): Promise<number> {
  const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${mapping.queueArn.split(':').at(-1)}`;
  const batch = new Batch(mapping.batchSize, mapping.queueArn);
  for (let received = 1; received > 0 && batch.room > 0; ) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...everything }));
    received = Messages.length;
    if (batch.add(Messages.map(handed)).length > 0) throw new Error('the messages do not fit into one batch');
  }
  if (batch.records.length === 0) return 0;
  const answer = (await invoke(host, mapping.functionArn, { Records: batch.records })) as BatchAnswer;
  const givenBack = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  if (givenBack.size > 0) throw new Error(`store gave back ${givenBack.size} of ${batch.records.length} messages`);
  await deleteMessages(QueueUrl, batch.messages, sqs);
  return batch.messages.length;
}

interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

const everything = {
  MaxNumberOfMessages: 10,
  MessageAttributeNames: ['All'],
  MessageSystemAttributeNames: ['All' as const],
};

function handed({ MessageId, ReceiptHandle, Body, Attributes, MessageAttributes = {} }: Message): HandedMessage {
  const attributes = Object.entries(MessageAttributes).map(([name, { DataType, StringValue }]) => [
    name,
    { dataType: DataType ?? '', value: StringValue ?? '' },
  ]);
  return {
    id: MessageId ?? '',
    receipt: ReceiptHandle ?? '',
    body: Body ?? '',
    attributes: Object.fromEntries(attributes),
    senderId: Attributes?.SenderId ?? '',
    sentAtMs: Number(Attributes?.SentTimestamp),
    firstReceivedAtMs: Number(Attributes?.ApproximateFirstReceiveTimestamp),
    receiveCount: Number(Attributes?.ApproximateReceiveCount),
    availableAtMs: 0,
  };
}

async function deleteMessages(QueueUrl: string, messages: readonly HandedMessage[], sqs: SQSClient): Promise<void> {
  for (let from = 0; from < messages.length; from += 10) {
    const ten = messages.slice(from, from + 10);
    const Entries = ten.map(({ receipt }, index) => ({ Id: `${index}`, ReceiptHandle: receipt }));
    const { Failed = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    if (Failed.length > 0) throw new Error(`moto did not delete ${Failed.length} messages`);
  }
}

async function countMessages({ region, account, queues }: RegionTemplate, sqs: SQSClient): Promise<number> {
  let sum = 0;
  for (const { name } of queues) {
    const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...counts] }),
    );
    sum += counts.reduce((total, count) => total + Number(Attributes[count]), 0);
  }
  return sum;
}

const counts = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;

/** Objects below 1,000, as many as one listing holds. */
async function deleteBucket(s3: S3Client, Bucket: string): Promise<void> {
  const { Versions = [], DeleteMarkers = [], IsTruncated } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  if (IsTruncated) throw new Error(`${Bucket} holds more versions than one listing shows`);
  const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
  if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  await s3.send(new DeleteBucketCommand({ Bucket }));
}
