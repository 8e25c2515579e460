import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Answer, Fetched, Table, TablePage, TableQuery, TableWrite } from '../../core/ports.ts';
import { freshSocketHandler } from './fresh-socket-handler.ts';
import { answerOf, callWithin } from './service-call.ts';
import { getAll, writeAll } from './table-batches.ts';
import { attributesOf, itemOf, writeItemOf } from './table-expressions.ts';

/** One client a region. It does not retry: its callers have the failure queue. */
export function dynamodbClient(region: string): DynamoDBClient {
  return new DynamoDBClient({ region, maxAttempts: 1, requestHandler: freshSocketHandler() });
}

export function dynamodbTable(client: DynamoDBClient, table: string): Table {
  return {
    get: (keys, budgetMs) => getAll(client, table, keys, budgetMs),

    query: (query, budgetMs) => queryPage(client, table, query, budgetMs),

    write: async (write, budgetMs) =>
      answerOf(await callWithin(budgetMs, (abortSignal) => writeOne(client, table, write, abortSignal))),

    transact: (writes, budgetMs) => transact(client, table, writes, budgetMs),

    writeAll: (writes, budgetMs) => writeAll(client, table, writes, budgetMs),
  };
}

function writeOne(client: DynamoDBClient, table: string, write: TableWrite, abortSignal: AbortSignal) {
  const { Put, Update, Delete } = writeItemOf(table, write);
  if (Put) return client.send(new PutItemCommand(Put), { abortSignal });
  if (Update) return client.send(new UpdateItemCommand(Update), { abortSignal });
  if (Delete) return client.send(new DeleteItemCommand(Delete), { abortSignal });
  throw new Error('a write is a put, an update or a delete');
}

async function transact(
  client: DynamoDBClient,
  table: string,
  writes: readonly TableWrite[],
  budgetMs: number,
): Promise<Answer> {
  const command = new TransactWriteItemsCommand({ TransactItems: writes.map((write) => writeItemOf(table, write)) });
  const result = await callWithin(budgetMs, async (abortSignal) => {
    try {
      await client.send(command, { abortSignal });
      return undefined;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      return cancelled(error);
    }
  });
  if (result.kind === 'failed') return result.answer;
  return result.value ?? { status: 200, code: '' };
}

/** The reasons stand in the order of the writes. `None` stands for a write that would have gone well. */
function cancelled({ name, CancellationReasons = [] }: TransactionCanceledException): Answer {
  const reasons = new Set(CancellationReasons.map(({ Code = 'None' }) => Code).filter((code) => code !== 'None'));
  return { status: 400, code: reasons.size === 0 ? name : [...reasons].join('+') };
}

async function queryPage(
  client: DynamoDBClient,
  table: string,
  { pk, index, from, to, after, countMax }: TableQuery,
  budgetMs: number,
): Promise<Fetched<TablePage>> {
  const command = new QueryCommand({
    TableName: table,
    ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
    KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#pk': index === undefined ? 'pk' : 'affiliate_pk', '#sk': 'sk' },
    ExpressionAttributeValues: { ':pk': { S: pk }, ':from': { S: from }, ':to': { S: to } },
    ...(after !== undefined && { ExclusiveStartKey: attributesOf(after) }),
    ...(countMax !== undefined && { Limit: countMax }),
  });
  const result = await callWithin(budgetMs, (abortSignal) => client.send(command, { abortSignal }));
  if (result.kind === 'failed') return result;
  const { Items = [], LastEvaluatedKey } = result.value;
  const items = Items.map(itemOf);
  return { kind: 'ok', value: LastEvaluatedKey ? { items, next: itemOf(LastEvaluatedKey) } : { items } };
}
