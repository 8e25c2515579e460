import type { RowKey } from './row.ts';

/** The keys of rows of one quarter of an hour, short enough for the head of an object with many rows. */
export interface PackedRowKeys {
  readonly hour: string;
  readonly quarter: number;
  readonly rows: readonly (readonly [
    offer: number,
    affiliate: number,
    goal: number,
    region: string,
    currency: string,
  ])[];
}

export function packRowKeys(keys: readonly RowKey[]): PackedRowKeys {
  const { hour = '', quarter = 0 } = keys[0] ?? {};
  const rows = keys.map(({ offerId, affiliateId, goalId, region, currency }) => {
    return [offerId, affiliateId, goalId, region, currency] as const;
  });
  return { hour, quarter, rows };
}

export function unpackRowKeys({ hour, quarter, rows }: PackedRowKeys): readonly RowKey[] {
  return rows.map(([offerId, affiliateId, goalId, region, currency]) => {
    return { hour, quarter, offerId, affiliateId, goalId, region, currency };
  });
}
