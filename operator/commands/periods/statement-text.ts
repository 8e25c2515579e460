import type { ClosedPeriod } from '../../../core/periods/closed-periods.ts';
import type { Statement } from '../../../core/periods/statement.ts';
import { type Calendar, calendarOf } from '../../figures/calendar.ts';
import { correctingRows, dayOfRow } from '../../figures/corrections.ts';
import { rangeOfDays } from '../../figures/quarter-range.ts';
import { type CatalogNames, noNames } from '../report/catalog-names.ts';
import { csvLines, fieldsOf } from '../report/report-for-programs.ts';
import type { GroupName } from '../report/report-groups.ts';
import { type Grouping, type ReportedRow, ReportLines, totalRows } from '../report/report-rows.ts';
import { reportTable } from '../report/report-table.ts';

/** Statements in the columns of `report`. */
export interface StatementView {
  readonly groups: readonly GroupName[];
  readonly names: CatalogNames;
  /** All closed periods: they name what corrections concern. */
  readonly periods: readonly Pick<ClosedPeriod, 'from' | 'to'>[];
}

export function statementTable(
  statement: Statement,
  view: StatementView,
  widthColumns: number | undefined,
): readonly string[] {
  const { rows, totals } = statementLines(statement, view);
  const { groups, names } = view;
  const rangeOptions = `--from ${statement.from} --to ${statement.to}`;
  return reportTable(rows, totals, { groups, rangeOptions, from: 'figures', names, columns: 'usual', widthColumns });
}

export function statementCsv(statement: Statement, view: StatementView): readonly string[] {
  return csvLines(statementLines(statement, view).rows, view);
}

/** The rows as objects with the fields of the CSV. */
export function statementJson(statement: Statement, view: StatementView) {
  return statementLines(statement, view).rows.map((row) => fieldsOf(row, view));
}

/** Totals by currency. */
export const totalsOnly: StatementView = { groups: [], names: noNames, periods: [] };

function statementLines(statement: Statement, { groups, names, periods }: StatementView) {
  const { from, to, timeZone } = statement;
  const calendar = calendarOf(timeZone);
  const grouping: Grouping = {
    ...{ groups, names, calendar, range: rangeOfDays(from, to, calendar) },
    // A statement is final, whatever became of its hours.
    ...{ hours: [], isFinal: () => true },
  };
  const lines = new ReportLines(grouping);
  lines.add(reportedRows(statement, periods, calendar));
  const rows = lines.lines(undefined, grouping);
  return { rows, totals: totalRows(rows, grouping) };
}

/** The rows of the period, and its corrections on its first day. */
function reportedRows(
  { from, rows }: Statement,
  periods: StatementView['periods'],
  calendar: Calendar,
): readonly ReportedRow[] {
  const own = rows.filter((row) => dayOfRow(row, calendar) >= from);
  const earlier = rows.filter((row) => dayOfRow(row, calendar) < from);
  return [...own, ...correctingRows(earlier, periods, from, calendar)];
}
