import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  BatchWriteItemCommand,
  type BatchWriteItemCommandInput,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  GetItemCommand,
  type GetItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
  TransactGetItemsCommand,
  type TransactGetItemsCommandInput,
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
  get(pk: string, sk: string, more?: Partial<GetItemCommandInput>): Promise<Attributes | undefined>;
  query(input: WithoutTable<QueryCommandInput>): ReturnType<typeof sendQuery>;
  scan(input?: WithoutTable<ScanCommandInput>): ReturnType<typeof sendScan>;
  transact(input: TransactWriteItemsCommandInput): ReturnType<typeof sendTransact>;
  transactGet(input: TransactGetItemsCommandInput): ReturnType<typeof sendTransactGet>;
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
    get: async (pk, sk, more) => {
      const Key = { pk: { S: pk }, sk: { S: sk } };
      return (await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true, ...more }))).Item;
    },
    query: (input) => sendQuery(client, { TableName, ...input }),
    scan: (input) => sendScan(client, { TableName, ...input }),
    transact: (input) => sendTransact(client, input),
    transactGet: (input) => sendTransactGet(client, input),
    batchWrite: (input) => sendBatchWrite(client, input),
    batchGet: (input) => sendBatchGet(client, input),
  };
}

type Client = ContractEndpoint['client'];
const sendPut = (client: Client, input: PutItemCommandInput) => client.send(new PutItemCommand(input));
const sendUpdate = (client: Client, input: UpdateItemCommandInput) => client.send(new UpdateItemCommand(input));
const sendDelete = (client: Client, input: DeleteItemCommandInput) => client.send(new DeleteItemCommand(input));
const sendQuery = (client: Client, input: QueryCommandInput) => client.send(new QueryCommand(input));
const sendScan = (client: Client, input: ScanCommandInput) => client.send(new ScanCommand(input));
const sendTransact = (client: Client, input: TransactWriteItemsCommandInput) =>
  client.send(new TransactWriteItemsCommand(input));
const sendTransactGet = (client: Client, input: TransactGetItemsCommandInput) =>
  client.send(new TransactGetItemsCommand(input));
const sendBatchWrite = (client: Client, input: BatchWriteItemCommandInput) =>
  client.send(new BatchWriteItemCommand(input));
const sendBatchGet = (client: Client, input: BatchGetItemCommandInput) => client.send(new BatchGetItemCommand(input));

export const key = (pk: string, sk: string): Attributes => ({ pk: { S: pk }, sk: { S: sk } });

/** What a request that makes no sense is answered. Its message is not part of AWS's contract: developerguide/Programming.Errors.html */
export const validationException = { name: 'ValidationException', $metadata: { httpStatusCode: 400 } };
