import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { inParallel } from '../../core/in-parallel.ts';
import type { Fetched, TableDelete, TableItem, TableKey, TablePut } from '../../core/ports.ts';
import { inBatches } from './batches.ts';
import { callWithin } from './service-call.ts';
import { attributesOf, itemOf, keyOf } from './table-expressions.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html and API_BatchWriteItem.html */
const getKeysMax = 100;
const writeRequestsMax = 25;
const callsAtOnceMax = 8;

/** Takes any number of keys. Failed when one of the calls failed. */
export async function getAll(
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
  let wanted = keys.map(keyOf);
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

type Unconditional = TablePut | TableDelete;

/** Takes any number of writes. `value` holds those that were not done. */
export function writeAll(
  client: DynamoDBClient,
  table: string,
  writes: readonly Unconditional[],
  budgetMs: number,
): Promise<Fetched<readonly Unconditional[]>> {
  return inBatches(writes, writeRequestsMax, budgetMs, (batch, leftMs) => writeBatch(client, table, batch, leftMs));
}

/** A batch is answered with 200 even when some of its writes were not done. The answer names these. */
async function writeBatch(
  client: DynamoDBClient,
  table: string,
  writes: readonly Unconditional[],
  budgetMs: number,
): Promise<Fetched<readonly Unconditional[]>> {
  const command = new BatchWriteItemCommand({ RequestItems: { [table]: writes.map(requestOf) } });
  const result = await callWithin(budgetMs, (abortSignal) => client.send(command, { abortSignal }));
  if (result.kind === 'failed') return result;
  const unprocessed = new Set((result.value.UnprocessedItems?.[table] ?? []).map(nameOfRequest));
  return { kind: 'ok', value: writes.filter((write) => unprocessed.has(nameOfRequest(requestOf(write)))) };
}

function requestOf(write: Unconditional): WriteRequest {
  return write.kind === 'put'
    ? { PutRequest: { Item: attributesOf(write.item) } }
    : { DeleteRequest: { Key: keyOf(write.key) } };
}

function nameOfRequest({ PutRequest, DeleteRequest }: WriteRequest): string {
  const { pk, sk } = PutRequest?.Item ?? DeleteRequest?.Key ?? {};
  return JSON.stringify([pk?.S, sk?.S]);
}
