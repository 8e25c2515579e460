import type { TableSettings } from '../../../../local/model/table/table-settings.ts';

const text = (name: string) => ({ name, type: 'S' }) as const;

/** In the shape of the table of figures. */
export const settings: TableSettings = {
  name: 'figures',
  arn: 'arn:aws:dynamodb:us-east-1:111122223333:table/figures',
  key: { partition: text('pk'), sort: text('sk') },
  indexes: [{ name: 'by-affiliate', key: { partition: text('affiliate_pk'), sort: text('sk') }, projected: 'all' }],
  timeToLiveAttribute: 'expires_at',
  hasPointInTimeRecovery: true,
  isDeletionProtected: true,
};
