import type { TableSettings } from '../../../../local/model/table/table-settings.ts';

const text = (name: string) => ({ name, type: 'S' }) as const;

/** In the shape of the table of the conversion index. */
export const settings: TableSettings = {
  name: 'figures',
  arn: 'arn:aws:dynamodb:us-east-1:111122223333:table/figures',
  key: { partition: text('pk'), sort: text('sk') },
  timeToLiveAttribute: 'expires_at',
  hasPointInTimeRecovery: true,
  isDeletionProtected: true,
};
