import { TableModel } from '../local/model/table/table.ts';

/** The conversion index with the same keys as in the stacks. */
export function indexTable(name: string, region: string): TableModel {
  const text = (attribute: string) => ({ name: attribute, type: 'S' }) as const;
  return new TableModel({
    name,
    arn: `arn:aws:dynamodb:${region}:123456789012:table/${name}`,
    key: { partition: text('pk'), sort: text('sk') },
    timeToLiveAttribute: 'expires_at',
    hasPointInTimeRecovery: false,
    isDeletionProtected: true,
  });
}
