import type { Command } from 'commander';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { openDeployment } from '../../clients/deployment.ts';
import { askedHours } from '../../figures/asked-hours.ts';
import { type FiguresReport, makeReport } from './make-report.ts';
import { notContainedLines } from './not-contained.ts';
import { provisionalLines } from './provisional-hours.ts';
import { csvLines, reportJson } from './report-for-programs.ts';
import { addReportOptions, type ReportOptions } from './report-options.ts';
import { reportTable } from './report-table.ts';

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
      ]),
    )
    .action((_: unknown, command: Command) => report(command.optsWithGlobals<Options>(), shell));
}

async function report(options: Options, shell: Shell): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  const problems = options.csv && options.json ? ['say --csv or --json, not both'] : [];
  const asked = askedHours(options, deployment, 'until-now', shell, problems);
  if (!asked) return;
  const made = await makeReport(deployment, asked, options, shell);
  if (made.kind === 'report') return tell(made.report, options, shell);
  for (const reason of made.reasons) shell.error(reason);
  if (options.region !== undefined) shell.error('Leave out --region, or name the other region.');
  shell.exitWith(1);
}

/** CSV on stdout has only rows: notes go to stderr. JSON contains the notes. */
function tell(made: FiguresReport, { csv, json }: Options, shell: Shell): void {
  for (const failure of made.failures) shell.error(`${failure}: these figures are those of ${made.region}`);
  if (json) shell.out(JSON.stringify(reportJson(made), null, 2));
  else tellLines(made, csv === true, shell);
}

function tellLines(made: FiguresReport, csv: boolean, shell: Shell): void {
  const { rows, totals, grouping, provisional, notContained } = made;
  const lines = csv ? csvLines(rows, grouping.columns) : reportTable(rows, totals, grouping.columns);
  if (!csv) shell.out(headLine(made));
  for (const line of lines) shell.out(line);
  const note = csv ? shell.error : shell.out;
  const hourCount = grouping.hours.length;
  for (const line of [...provisionalLines(provisional, hourCount), ...notContainedLines(notContained)]) note(line);
}

/** `us-east-1, 2026-11-23T00 to 2026-11-23T05 (UTC)` */
function headLine({ region, grouping: { calendar, range } }: FiguresReport): string {
  return `${region}, ${calendar.hourOf(range.fromMs)} to ${calendar.hourOf(range.toMs)} (${calendar.timeZone})`;
}
