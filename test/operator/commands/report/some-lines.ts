import type { FiguresRow } from '../../../../core/figures/row.ts';
import { quarterMs } from '../../../../core/ledger/hour-state.ts';
import { hourMs, parseHourName } from '../../../../core/log/log-key.ts';
import {
  type ColumnName,
  type Grouping,
  ReportLines,
  type ReportRow,
} from '../../../../operator/commands/report/report-rows.ts';
import { calendarOf } from '../../../../operator/figures/calendar.ts';
import type { UniquesOfDay } from '../../../../operator/figures/figures-reader.ts';
import { hoursTouchedBy } from '../../../../operator/figures/quarter-range.ts';

/** Whole hours of UTC in UTC, all of them final, unless the test changes that. */
export function groupingOf(
  columns: readonly ColumnName[],
  [from, to]: readonly [string, string] = ['2026-11-23T03', '2026-11-23T05'],
  changes: Partial<Grouping> = {},
): Grouping {
  const range = { fromMs: parseHourName(from), toMs: parseHourName(to) + hourMs - quarterMs };
  const hours = hoursTouchedBy(changes.range ?? range);
  return { columns, calendar: calendarOf('UTC'), range, hours, isFinal: () => true, ...changes };
}

export function linesFrom(
  rows: readonly FiguresRow[],
  grouping: Grouping,
  uniques?: readonly UniquesOfDay[],
): readonly ReportRow[] {
  const lines = new ReportLines(grouping);
  lines.add(rows);
  return lines.lines(uniques, grouping);
}
