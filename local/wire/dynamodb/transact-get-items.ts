import { z } from 'zod';
import { transactGet } from '../../model/table/transact-get.ts';
import { capacitiesOf } from './consumed-capacity.ts';
import { action } from './dynamodb-action.ts';
import { invalid, noSuchTable } from './dynamodb-error.ts';
import { attributes, consumed, substitutes, substitutesOf, tableName } from './dynamodb-input.ts';
import { needsOf, resolveTables } from './many-tables.ts';
import { partitionText } from './partition-text.ts';

const get = z.strictObject({
  TableName: tableName,
  Key: attributes,
  ProjectionExpression: z.string().optional(),
  ExpressionAttributeNames: substitutes.ExpressionAttributeNames,
});

const input = z.strictObject({ TransactItems: z.array(z.strictObject({ Get: get })), ...consumed });

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html */
export const transactGetItems = action(input, (asked, scope) => {
  const named = asked.TransactItems.map(({ Get }) => ({ tableName: Get.TableName, value: Get }));
  return {
    needs: needsOf('GetItem', named, scope),
    keys: named.map(({ tableName: name, value }) => partitionText(value.Key, name, scope)),
    isTransaction: true,
    perform() {
      const reads = resolveTables(named, scope);
      if (!reads) return { error: noSuchTable() };
      const outcome = transactGet(
        reads.map(({ table, value }) => ({
          table,
          request: { key: value.Key, projection: value.ProjectionExpression, ...substitutesOf(value) },
        })),
      );
      if (outcome.kind === 'invalid') return { error: invalid(outcome.message) };
      const units = reads.flatMap(({ table }, index) => {
        const used = outcome.units[index];
        return used ? [[table, used] as const] : [];
      });
      const Responses = outcome.items.map((item) => (item ? { Item: item } : {}));
      return { output: { Responses, ...capacitiesOf(asked, units) } };
    },
  };
});
