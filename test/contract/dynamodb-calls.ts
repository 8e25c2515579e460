import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  ScanCommand,
  type ScanCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { type Attributes, type ContractEndpoint, openContractEndpoint } from './dynamodb-endpoint.ts';

/** The calls of the contract, each on the contract's table. */
export interface DynamoDbCalls {
  readonly endpoint: ContractEndpoint;
  readonly TableName: string;
  /** A partition that no other test uses. */
  partition(): string;
  update(input: Omit<UpdateItemCommandInput, 'TableName'>): ReturnType<typeof sendUpdate>;
  /** Sets one attribute, `value`. */
  set(pk: string, sk: string, value: Attributes[string]): ReturnType<typeof sendUpdate>;
  get(pk: string, sk: string): Promise<Attributes | undefined>;
  batchGet(input: BatchGetItemCommandInput): ReturnType<typeof sendBatchGet>;
  scan(input?: Omit<ScanCommandInput, 'TableName'>): ReturnType<typeof sendScan>;
}

export async function openDynamoDbCalls(): Promise<DynamoDbCalls> {
  const endpoint = await openContractEndpoint();
  const { client, table: TableName } = endpoint;
  let partitions = 0;
  const update: DynamoDbCalls['update'] = (input) => sendUpdate(client, { TableName, ...input });
  return {
    endpoint,
    TableName,
    partition() {
      partitions += 1;
      return `partition-${partitions}`;
    },
    update,
    set: (pk, sk, value) => update({ Key: key(pk, sk), ...setting('value', value) }),
    get: async (pk, sk) => {
      const RequestItems = { [TableName]: { Keys: [key(pk, sk)], ConsistentRead: true } };
      return (await sendBatchGet(client, { RequestItems })).Responses?.[TableName]?.[0];
    },
    batchGet: (input) => sendBatchGet(client, input),
    scan: (input = {}) => sendScan(client, { TableName, ...input }),
  };
}

/** The parameters of an update that sets one attribute. */
export function setting(name: string, value: Attributes[string]) {
  return {
    UpdateExpression: 'SET #name = :value',
    ExpressionAttributeNames: { '#name': name },
    ExpressionAttributeValues: { ':value': value },
  };
}

type Client = ContractEndpoint['client'];
const sendUpdate = (client: Client, input: UpdateItemCommandInput) => client.send(new UpdateItemCommand(input));
const sendScan = (client: Client, input: ScanCommandInput) => client.send(new ScanCommand(input));
const sendBatchGet = (client: Client, input: BatchGetItemCommandInput) => client.send(new BatchGetItemCommand(input));

export const key = (pk: string, sk: string): Attributes => ({ pk: { S: pk }, sk: { S: sk } });

/** What a request that makes no sense is answered. Its message is not part of AWS's contract: developerguide/Programming.Errors.html */
export const validationException = { name: 'ValidationException', $metadata: { httpStatusCode: 400 } };
