import { affiliateIndex } from '../core/figures/table-keys.ts';
import { TableModel } from '../local/model/table/table.ts';

/** The table of figures with the same keys and index as in the stacks. */
export function figuresTable(name: string, region: string): TableModel {
  const text = (attribute: string) => ({ name: attribute, type: 'S' }) as const;
  return new TableModel({
    name,
    arn: `arn:aws:dynamodb:${region}:123456789012:table/${name}`,
    key: { partition: text('pk'), sort: text('sk') },
    indexes: [
      {
        name: affiliateIndex,
        key: { partition: text('affiliate_pk'), sort: text('sk') },
        projected: 'all',
      },
    ],
    timeToLiveAttribute: 'expires_at',
    hasPointInTimeRecovery: true,
    isDeletionProtected: true,
  });
}
