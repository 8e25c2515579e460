import type { Fetched, TableItem, TableKey, Table as TablePort, TableQuery, TableWrite } from '../core/ports.ts';
import { attributesOf, itemOf, keyOf, writeItemOf } from '../lambda/aws/table-expressions.ts';
import type { AttributeMap } from '../local/model/table/attribute-value.ts';
import { queryItems } from '../local/model/table/query-items.ts';
import type { DeleteRequest, PutRequest, UpdateRequest } from '../local/model/table/request.ts';
import type { TableModel } from '../local/model/table/table.ts';
import { batchGet, batchWrite } from '../local/model/table/table-batch.ts';
import { type CancellationReason, transact } from '../local/model/table/transaction.ts';
import { writeItem } from '../local/model/table/write-item.ts';
import { answerTo, type SimulatedEnvironment } from './environment.ts';

/** The table port over the table model, without HTTP between them. Uses the expressions of the real adapter. */
export function inProcessTable(table: TableModel, region: string, environment: SimulatedEnvironment): TablePort {
  const call = <T>(action: string, budgetMs: number, perform: () => Fetched<T>) =>
    environment.call({ service: 'dynamodb', region, action }, budgetMs, perform);
  return {
    get: async (keys, budgetMs) => {
      const pages = await inBatches(keys, getKeysMax, (batch) =>
        call('BatchGetItem', budgetMs, () => get(table, batch)),
      );
      const failed = pages.find((page) => page.kind === 'failed');
      return failed ?? { kind: 'ok', value: pages.flatMap((page) => (page.kind === 'ok' ? page.value : [])) };
    },
    query: (asked, budgetMs) => call('Query', budgetMs, () => queryPage(table, asked)),
    write: async (write, budgetMs) =>
      answerTo(await call(`${verbs[write.kind]}Item`, budgetMs, () => writeOne(table, write))),
    transact: async (writes, budgetMs) =>
      answerTo(await call('TransactWriteItems', budgetMs, () => writeAllOrNone(table, writes))),
    writeAll: async (writes, budgetMs) => {
      const left = await inBatches(writes, writeRequestsMax, async (batch) => {
        const written = await call('BatchWriteItem', budgetMs, () => writeBatch(table, batch));
        return written.kind === 'ok' ? [] : batch;
      });
      return { kind: 'ok', value: left.flat() };
    },
  };
}

const getKeysMax = 100;
const writeRequestsMax = 25;
const verbs = { put: 'Put', update: 'Update', delete: 'Delete' } as const;

/** Makes one call for each batch of the size that DynamoDB allows, so a function may die between two. */
function inBatches<T, Result>(
  all: readonly T[],
  size: number,
  perform: (batch: readonly T[]) => Promise<Result>,
): Promise<readonly Result[]> {
  const starts = Array.from({ length: Math.ceil(all.length / size) }, (_, index) => index * size);
  return Promise.all(starts.map((start) => perform(all.slice(start, start + size))));
}

const done: Fetched<undefined> = { kind: 'ok', value: undefined };

function refused(code: string): Fetched<never> {
  return { kind: 'failed', answer: { status: 400, code } };
}

function get(table: TableModel, keys: readonly TableKey[]): Fetched<readonly TableItem[]> {
  const outcome = batchGet(
    keys.map((key) => ({ table, request: { key: keyOf(key) as AttributeMap, isConsistent: true } })),
  );
  if (outcome.kind === 'invalid') return refused('ValidationException');
  return { kind: 'ok', value: outcome.found.flatMap((item) => (item ? [itemOf(item)] : [])) };
}

function queryPage(table: TableModel, { pk, index, from, to, after, countMax }: TableQuery) {
  const outcome = queryItems(table, {
    keyCondition: '#pk = :pk AND sk BETWEEN :from AND :to',
    names: { '#pk': index === undefined ? 'pk' : 'affiliate_pk' },
    values: attributesOf({ ':pk': pk, ':from': from, ':to': to }) as AttributeMap,
    indexName: index,
    countMax,
    after: after && (attributesOf(after) as AttributeMap),
  });
  if (outcome.kind === 'invalid') return refused('ValidationException');
  const items = outcome.items.map(itemOf);
  return { kind: 'ok', value: outcome.next ? { items, next: itemOf(outcome.next) } : { items } } as const;
}

function writeOne(table: TableModel, write: TableWrite): Fetched<undefined> {
  const outcome = writeItem(table, requestOf(write));
  if (outcome.kind === 'invalid') return refused('ValidationException');
  return outcome.kind === 'written' ? done : refused('ConditionalCheckFailedException');
}

function writeAllOrNone(table: TableModel, writes: readonly TableWrite[]): Fetched<undefined> {
  const outcome = transact(writes.map((write) => ({ table, request: requestOf(write) })));
  if (outcome.kind === 'invalid') return refused('ValidationException');
  if (outcome.kind === 'written') return done;
  return refused([...new Set(outcome.reasons.flatMap(codeOf))].join('+'));
}

function codeOf(reason: CancellationReason): readonly string[] {
  switch (reason.kind) {
    case 'none':
      return [];
    case 'condition-failed':
      return ['ConditionalCheckFailed'];
    case 'invalid':
      return ['ValidationError'];
  }
}

function writeBatch(table: TableModel, writes: readonly TableWrite[]): Fetched<undefined> {
  const requests = writes.map((write) => requestOf(write) as PutRequest | DeleteRequest);
  const outcome = batchWrite(requests.map((request) => ({ table, request })));
  return outcome.kind === 'invalid' ? refused('ValidationException') : done;
}

/** Uses the real adapter's expressions, so that the simulation tests them too. */
function requestOf(write: TableWrite): PutRequest | UpdateRequest | DeleteRequest {
  const { Put, Update, Delete } = writeItemOf('figures', write);
  const said = Put ?? Update ?? Delete;
  const words = {
    condition: said?.ConditionExpression,
    names: said?.ExpressionAttributeNames,
    values: said?.ExpressionAttributeValues as AttributeMap | undefined,
  };
  if (Put) return { kind: 'put', item: Put.Item as AttributeMap, ...words };
  if (Update)
    return { kind: 'update', key: Update.Key as AttributeMap, update: Update.UpdateExpression ?? '', ...words };
  return { kind: 'delete', key: Delete?.Key as AttributeMap, ...words };
}
