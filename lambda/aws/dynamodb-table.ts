import { type AttributeValue, BatchGetItemCommand, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { inParallel } from '../../core/in-parallel.ts';
import type { Fetched, Table, TableItem, TableKey } from '../../core/ports.ts';
import { freshSocketHandler } from './fresh-socket-handler.ts';
import { answerOf, callWithin } from './service-call.ts';
import { itemOf, keyOf, updateOf } from './table-expressions.ts';

/** One client a region. It does not retry: its callers have later runs. */
export function dynamodbClient(region: string): DynamoDBClient {
  return new DynamoDBClient({ region, maxAttempts: 1, requestHandler: freshSocketHandler() });
}

export function dynamodbTable(client: DynamoDBClient, table: string): Table {
  return {
    get: (keys, budgetMs) => getAll(client, table, keys, budgetMs),

    write: async (write, budgetMs) =>
      answerOf(
        await callWithin(budgetMs, (abortSignal) =>
          client.send(new UpdateItemCommand(updateOf(table, write)), { abortSignal }),
        ),
      ),
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const getKeysMax = 100;
const callsAtOnceMax = 8;

async function getAll(
  client: DynamoDBClient,
  table: string,
  keys: readonly TableKey[],
  budgetMs: number,
): Promise<Fetched<readonly TableItem[]>> {
  const endMs = performance.now() + budgetMs;
  const starts = Array.from({ length: Math.ceil(keys.length / getKeysMax) }, (_, index) => index * getKeysMax);
  const batches = await inParallel(starts, callsAtOnceMax, (start) =>
    getBatch(client, table, keys.slice(start, start + getKeysMax), endMs),
  );
  const items: TableItem[] = [];
  for (const batch of batches) {
    if (batch.kind === 'failed') return batch;
    items.push(...batch.value);
  }
  return { kind: 'ok', value: items };
}

const throttled: Fetched<never> = {
  kind: 'failed',
  answer: { status: 400, code: 'ProvisionedThroughputExceededException' },
};

/** An answer may leave keys out, when it grew too large or some were throttled. These are asked for again. */
async function getBatch(
  client: DynamoDBClient,
  table: string,
  keys: readonly TableKey[],
  endMs: number,
): Promise<Fetched<readonly TableItem[]>> {
  const items: TableItem[] = [];
  let wanted: Record<string, AttributeValue>[] = keys.map(keyOf);
  while (wanted.length > 0) {
    const command = new BatchGetItemCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } });
    const leftMs = Math.max(0, endMs - performance.now());
    const result = await callWithin(leftMs, (abortSignal) => client.send(command, { abortSignal }));
    if (result.kind === 'failed') return result;
    items.push(...(result.value.Responses?.[table] ?? []).map(itemOf));
    const left = result.value.UnprocessedKeys?.[table]?.Keys ?? [];
    if (left.length >= wanted.length) return throttled;
    wanted = left;
  }
  return { kind: 'ok', value: items };
}
