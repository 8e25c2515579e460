import type { RowKey } from '../../../core/figures/row.ts';
import { quarterMs } from '../../../core/ledger/hour-state.ts';
import { parseHourName } from '../../../core/log/log-key.ts';
import type { Calendar } from '../../figures/calendar.ts';
import type { CatalogNames } from './catalog-names.ts';

/** What the lines of a report can be grouped by. */

/** Keys of figures, and the advertiser that the catalog names for an offer. */
const figuresGroups = ['day', 'hour', 'offer', 'affiliate', 'advertiser', 'goal', 'region'] as const;
/** Fields of clicks with very many values. They are no keys of figures, so only the log has them. */
const logGroups = [
  ...['source', 'aff_sub', 'aff_sub2', 'aff_sub3', 'aff_sub4', 'aff_sub5'],
  ...['url_id', 'file_id'],
] as readonly LogGroup[];

export type LogGroup = 'source' | 'aff_sub' | 'aff_sub2' | 'aff_sub3' | 'aff_sub4' | 'aff_sub5' | 'url_id' | 'file_id';
export type GroupName = (typeof figuresGroups)[number] | LogGroup;

export const groupNames: readonly GroupName[] = [...figuresGroups, ...logGroups];

export function isLogGroup(name: GroupName): name is LogGroup {
  return (logGroups as readonly string[]).includes(name);
}

/** The names of the groups in CSV and JSON. A group with a `named` column has one for names beside its ids. */
export const groupFields: Readonly<Record<GroupName, { readonly field: string; readonly named?: string }>> = {
  day: { field: 'day' },
  hour: { field: 'hour' },
  offer: { field: 'offer_id', named: 'offer_name' },
  affiliate: { field: 'affiliate_id', named: 'affiliate_name' },
  advertiser: { field: 'advertiser_id', named: 'advertiser_name' },
  goal: { field: 'goal_id', named: 'goal_name' },
  region: { field: 'region' },
  source: { field: 'source' },
  aff_sub: { field: 'aff_sub' },
  aff_sub2: { field: 'aff_sub2' },
  aff_sub3: { field: 'aff_sub3' },
  aff_sub4: { field: 'aff_sub4' },
  aff_sub5: { field: 'aff_sub5' },
  url_id: { field: 'url_id' },
  file_id: { field: 'file_id' },
};

/** The value of one group in one line. */
export type Cell = string | number;

/** The values of a row that figures do not have. */
export type LogLabels = Readonly<Partial<Record<LogGroup, string>>>;

export function cellOf(
  group: GroupName,
  key: RowKey,
  labels: LogLabels,
  { calendar, names }: { readonly calendar: Calendar; readonly names: Pick<CatalogNames, 'advertiserOf'> },
): Cell {
  switch (group) {
    case 'day':
      return calendar.dayOf(quarterStartOf(key));
    case 'hour':
      return calendar.hourOf(quarterStartOf(key));
    case 'offer':
      return key.offerId;
    case 'affiliate':
      return key.affiliateId;
    case 'advertiser':
      return names.advertiserOf(key.offerId);
    case 'goal':
      return key.goalId;
    case 'region':
      return key.region;
    default:
      return labels[group] ?? '';
  }
}

export function quarterStartOf({ hour, quarter }: Pick<RowKey, 'hour' | 'quarter'>): number {
  return parseHourName(hour) + quarter * quarterMs;
}

/**
 * The name of a group's value, from the catalog. Undefined for a group without names, and for an id that the catalog
 * does not know. A goal is known by its offer, so a line needs both.
 */
export function nameOf(
  index: number,
  cells: readonly Cell[],
  groups: readonly GroupName[],
  names: CatalogNames,
): string | undefined {
  const id = Number(cells[index]);
  const offerId = Number(cells[groups.indexOf('offer')] ?? Number.NaN);
  switch (groups[index]) {
    case 'offer':
      return names.offer(id);
    case 'affiliate':
      return names.affiliate(id);
    case 'advertiser':
      return names.advertiser(id);
    case 'goal':
      return names.goal(offerId, id);
    default:
      return undefined;
  }
}
