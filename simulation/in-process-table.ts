import type { Fetched, TableItem, TableKey, Table as TablePort, TableWrite } from '../core/ports.ts';
import { itemOf, keyOf, updateOf } from '../lambda/aws/table-expressions.ts';
import type { AttributeMap } from '../local/model/table/attribute-value.ts';
import { batchGet } from '../local/model/table/batch-get.ts';
import type { TableModel } from '../local/model/table/table.ts';
import { updateItem } from '../local/model/table/update-item.ts';
import { answerTo, type SimulatedEnvironment } from './environment.ts';

/** The table port over the table model, without HTTP between them. Uses the expressions of the real adapter. */
export function inProcessTable(table: TableModel, region: string, environment: SimulatedEnvironment): TablePort {
  const call = <T>(action: string, budgetMs: number, perform: () => Fetched<T>) =>
    environment.call({ service: 'dynamodb', region, action }, budgetMs, perform);
  return {
    get: async (keys, budgetMs) => {
      const pages = await Promise.all(
        batchesOf(keys).map((batch) => call('BatchGetItem', budgetMs, () => get(table, batch))),
      );
      const failed = pages.find((page) => page.kind === 'failed');
      return failed ?? { kind: 'ok', value: pages.flatMap((page) => (page.kind === 'ok' ? page.value : [])) };
    },
    write: async (write, budgetMs) => answerTo(await call('UpdateItem', budgetMs, () => writeOne(table, write))),
  };
}

const getKeysMax = 100;

/** As many as one call may have, so a function may die between two calls. */
function batchesOf(keys: readonly TableKey[]): (readonly TableKey[])[] {
  const starts = Array.from({ length: Math.ceil(keys.length / getKeysMax) }, (_, index) => index * getKeysMax);
  return starts.map((start) => keys.slice(start, start + getKeysMax));
}

function refused(code: string): Fetched<never> {
  return { kind: 'failed', answer: { status: 400, code } };
}

function get(table: TableModel, keys: readonly TableKey[]): Fetched<readonly TableItem[]> {
  const outcome = batchGet(table, keys.map(keyOf), true);
  if (outcome.kind === 'invalid') return refused('ValidationException');
  return { kind: 'ok', value: outcome.items.map(itemOf) };
}

function writeOne(table: TableModel, write: TableWrite): Fetched<undefined> {
  const said = updateOf(table.settings.name, write);
  const outcome = updateItem(table, {
    key: keyOf(write.key),
    update: said.UpdateExpression ?? '',
    condition: said.ConditionExpression,
    names: said.ExpressionAttributeNames,
    values: said.ExpressionAttributeValues as AttributeMap,
  });
  if (outcome.kind === 'invalid') return refused('ValidationException');
  return outcome.kind === 'written' ? { kind: 'ok', value: undefined } : refused('ConditionalCheckFailedException');
}
