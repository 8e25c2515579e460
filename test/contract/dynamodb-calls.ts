import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  BatchWriteItemCommand,
  type BatchWriteItemCommandInput,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { type Attributes, type ContractEndpoint, openContractEndpoint } from './dynamodb-endpoint.ts';

type WithoutTable<Input extends { TableName: unknown }> = Omit<Input, 'TableName'>;

/** The calls of the contract, each on the contract's table. */
export interface DynamoDbCalls {
  readonly endpoint: ContractEndpoint;
  readonly TableName: string;
  /** A partition that no other test uses. */
  partition(): string;
  put(Item: Attributes, more?: Partial<PutItemCommandInput>): ReturnType<typeof sendPut>;
  update(input: WithoutTable<UpdateItemCommandInput>): ReturnType<typeof sendUpdate>;
  remove(input: WithoutTable<DeleteItemCommandInput>): ReturnType<typeof sendDelete>;
  get(pk: string, sk: string): Promise<Attributes | undefined>;
  query(input: WithoutTable<QueryCommandInput>): ReturnType<typeof sendQuery>;
  transact(input: TransactWriteItemsCommandInput): ReturnType<typeof sendTransact>;
  batchWrite(input: BatchWriteItemCommandInput): ReturnType<typeof sendBatchWrite>;
  batchGet(input: BatchGetItemCommandInput): ReturnType<typeof sendBatchGet>;
}

export async function openDynamoDbCalls(): Promise<DynamoDbCalls> {
  const endpoint = await openContractEndpoint();
  const { client, table: TableName } = endpoint;
  let partitions = 0;
  return {
    endpoint,
    TableName,
    partition() {
      partitions += 1;
      return `partition-${partitions}`;
    },
    put: (Item, more) => sendPut(client, { TableName, Item, ...more }),
    update: (input) => sendUpdate(client, { TableName, ...input }),
    remove: (input) => sendDelete(client, { TableName, ...input }),
    get: async (pk, sk) => {
      const RequestItems = { [TableName]: { Keys: [key(pk, sk)], ConsistentRead: true } };
      return (await sendBatchGet(client, { RequestItems })).Responses?.[TableName]?.[0];
    },
    query: (input) => sendQuery(client, { TableName, ...input }),
    transact: (input) => sendTransact(client, input),
    batchWrite: (input) => sendBatchWrite(client, input),
    batchGet: (input) => sendBatchGet(client, input),
  };
}

type Client = ContractEndpoint['client'];
const sendPut = (client: Client, input: PutItemCommandInput) => client.send(new PutItemCommand(input));
const sendUpdate = (client: Client, input: UpdateItemCommandInput) => client.send(new UpdateItemCommand(input));
const sendDelete = (client: Client, input: DeleteItemCommandInput) => client.send(new DeleteItemCommand(input));
const sendQuery = (client: Client, input: QueryCommandInput) => client.send(new QueryCommand(input));
const sendTransact = (client: Client, input: TransactWriteItemsCommandInput) =>
  client.send(new TransactWriteItemsCommand(input));
const sendBatchWrite = (client: Client, input: BatchWriteItemCommandInput) =>
  client.send(new BatchWriteItemCommand(input));
const sendBatchGet = (client: Client, input: BatchGetItemCommandInput) => client.send(new BatchGetItemCommand(input));

export const key = (pk: string, sk: string): Attributes => ({ pk: { S: pk }, sk: { S: sk } });

/** What a request that makes no sense is answered. Its message is not part of AWS's contract: developerguide/Programming.Errors.html */
export const validationException = { name: 'ValidationException', $metadata: { httpStatusCode: 400 } };
