import { z } from 'zod';
import { action } from './dynamodb-action.ts';

const input = z.strictObject({
  ExclusiveStartTableName: z.string().optional(),
  Limit: z.int().min(1).max(100).default(100),
});

/** Of the whole region, so IAM is asked about no table: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html */
export const listTables = action(input, ({ ExclusiveStartTableName: start = '', Limit }, { tables }) => ({
  needs: [{ action: 'dynamodb:ListTables', resource: '*' }],
  keys: [],
  perform() {
    const names = tables.all.map(({ settings }) => settings.name).filter((name) => name > start);
    const TableNames = names.slice(0, Limit);
    const last = names.length > Limit ? { LastEvaluatedTableName: TableNames.at(-1) } : {};
    return { output: { TableNames, ...last } };
  },
}));
