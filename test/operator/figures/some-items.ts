import type { Counters, RowKey } from '../../../core/figures/row.ts';
import {
  dayUniquesNames,
  directoryKey,
  finalRowNames,
  hourStateKey,
  provisionalRowNames,
} from '../../../core/figures/table-keys.ts';
import type { TableItem } from '../../../core/ports.ts';

/** Items of a table of figures as `stats` and `ledger` write them. */

export function key(changes: Partial<RowKey> = {}): RowKey {
  return {
    hour: '2026-11-23T04',
    offerId: 15,
    affiliateId: 2,
    goalId: 0,
    region: 'us-east-1',
    currency: 'USD',
    ...changes,
  };
}

export function provisional(changes: Partial<RowKey>, counters: Counters): TableItem {
  return { ...provisionalRowNames(key(changes)), ...counters } as TableItem;
}

export function final(digest: string, changes: Partial<RowKey>, counters: Counters): TableItem {
  return { ...finalRowNames(key(changes), digest), ...counters } as TableItem;
}

export function state(hour: string, digest: string, revision = 1n): TableItem {
  return {
    ...hourStateKey(hour),
    revision,
    cause: 'closed',
    digest: `${digest}0123456789abcdef01234567`,
    figures_digest: 'f'.repeat(32),
    events: 100n,
    segments: 4n,
  };
}

export function uniques(day: string, offerId: number, affiliateId: number, count: bigint): TableItem {
  return { ...dayUniquesNames(day, offerId, affiliateId), day_unique_clicks: count };
}

export function directory(day: string, offers: readonly bigint[]): TableItem {
  return { ...directoryKey(day), offers };
}
