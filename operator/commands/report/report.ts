import type { Command } from 'commander';
import { utcHour } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { openDeployment } from '../../clients/deployment.ts';
import { askedHours } from '../../figures/asked-hours.ts';
import { makeLogReport } from './make-log-report.ts';
import { type FiguresReport, makeReport } from './make-report.ts';
import { notContainedLines } from './not-contained.ts';
import { provisionalLines } from './provisional-hours.ts';
import { csvLines, reportJson } from './report-for-programs.ts';
import { isLogGroup } from './report-groups.ts';
import { addReportOptions, type ReportOptions } from './report-options.ts';
import { reportTable, type TableWishes } from './report-table.ts';

type Options = ReportOptions & GlobalOptions;

export function addReport(program: Command, shell: Shell): void {
  addReportOptions(
    program
      .command('report')
      .description('report clicks, conversions and money, and what these figures do not contain yet'),
  )
    .addHelpText(
      'after',
      helpNotes([
        'report',
        'report --by day,offer,affiliate --from 7d',
        'report --from yesterday --to yesterday --csv',
        'report --by affiliate,source --from 7d',
      ]),
    )
    .action((_: unknown, command: Command) => report(command.optsWithGlobals<Options>(), shell));
}

async function report(options: Options, shell: Shell): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  const problems = [
    ...(options.csv && options.json ? ['say --csv or --json, not both'] : []),
    ...(options.columns && options.allColumns ? ['say --columns or --all-columns, not both'] : []),
    ...((options.csv || options.json) && (options.columns || options.allColumns)
      ? ['--columns and --all-columns are for the table: CSV and JSON always have all columns']
      : []),
  ];
  const asked = askedHours(options, deployment, 'until-now', shell, problems);
  if (!asked) return;
  const isOfLog = (options.by ?? []).some(isLogGroup);
  const made = await (isOfLog ? makeLogReport : makeReport)(deployment, asked, options, shell);
  if (made.kind === 'report') return tell(made.report, options, shell);
  for (const reason of made.reasons) shell.error(reason);
  if (options.region !== undefined) shell.error('Leave out --region, or name the other region.');
  shell.exitWith(1);
}

/** CSV on stdout has only rows: notes go to stderr. JSON contains the notes. */
function tell(made: FiguresReport, options: Options, shell: Shell): void {
  for (const failure of made.failures) shell.error(`${failure}: these figures are those of ${made.region}`);
  if (options.json) shell.out(JSON.stringify(reportJson(made), null, 2));
  else tellLines(made, options, shell);
}

function tellLines(made: FiguresReport, options: Options, shell: Shell): void {
  const { rows, totals, grouping, provisional, notContained, notes } = made;
  const { csv = false } = options;
  const lines = csv ? csvLines(rows, grouping) : reportTable(rows, totals, wishesOf(options, made, shell));
  if (!csv) shell.out(headLine(made));
  for (const line of lines) shell.out(line);
  const note = csv ? shell.error : shell.out;
  const hourCount = grouping.hours.length;
  const told = [...notes, ...provisionalLines(provisional, hourCount), ...notContainedLines(notContained)];
  for (const line of told) note(line);
}

function wishesOf(options: Options, { grouping, from }: FiguresReport, { widthColumns }: Shell): TableWishes {
  const { groups, names, hours } = grouping;
  const { columns = 'usual', allColumns } = options;
  return {
    groups,
    // Hours of UTC mean the same to every command, whatever the time zone of this report is.
    rangeOptions: `--from ${utcHour(hours[0] ?? '')} --to ${utcHour(hours.at(-1) ?? '')}`,
    from,
    names: options.names ? names : undefined,
    columns: allColumns ? 'all' : columns,
    widthColumns,
  };
}

/** `us-east-1, 2026-11-23T00 to 2026-11-23T05 (UTC)` */
function headLine({ region, grouping: { calendar, range } }: FiguresReport): string {
  return `${region}, ${calendar.hourOf(range.fromMs)} to ${calendar.hourOf(range.toMs)} (${calendar.timeZone})`;
}
