import { quarterMs } from '../../../../core/ledger/hour-state.ts';
import { hourMs, parseHourName } from '../../../../core/log/log-key.ts';
import { type CatalogNames, noNames } from '../../../../operator/commands/report/catalog-names.ts';
import type { GroupName } from '../../../../operator/commands/report/report-groups.ts';
import {
  type Grouping,
  type ReportedRow,
  ReportLines,
  type ReportRow,
} from '../../../../operator/commands/report/report-rows.ts';
import { calendarOf } from '../../../../operator/figures/calendar.ts';
import type { UniquesOfDay } from '../../../../operator/figures/figures-reader.ts';
import { hoursTouchedBy } from '../../../../operator/figures/quarter-range.ts';

/** Offer 15 is of advertiser 3. */
export const someNames: CatalogNames = {
  advertiserOf: (offerId) => (offerId === 15 ? 3 : 0),
  offer: (id) => (id === 15 ? 'Summer shoes' : undefined),
  affiliate: (id) => (id === 2 ? '=cmd|"x"!A1' : undefined),
  advertiser: (id) => (id === 3 ? 'Shoes \u001b[2JLtd' : undefined),
  goal: (offerId, id) => (offerId === 15 && id === 4 ? 'Signup' : undefined),
};

/** Whole hours of UTC in UTC, all of them final, unless the test changes that. */
export function groupingOf(
  groups: readonly GroupName[],
  [from, to]: readonly [string, string] = ['2026-11-23T03', '2026-11-23T05'],
  changes: Partial<Grouping> = {},
): Grouping {
  const range = { fromMs: parseHourName(from), toMs: parseHourName(to) + hourMs - quarterMs };
  const hours = hoursTouchedBy(changes.range ?? range);
  return { groups, names: noNames, calendar: calendarOf('UTC'), range, hours, isFinal: () => true, ...changes };
}

export function linesFrom(
  rows: readonly ReportedRow[],
  grouping: Grouping,
  uniques?: readonly UniquesOfDay[],
): readonly ReportRow[] {
  const lines = new ReportLines(grouping);
  lines.add(rows);
  return lines.lines(uniques, grouping);
}
