import { resolve } from 'node:path';
import type { Command } from 'commander';
import { limits } from '../../../core/limits/limits.ts';
import { parseHourName } from '../../../core/log/log-key.ts';
import { plural } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { withBothLogs } from '../../clients/both-logs.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { askedHours } from '../../figures/asked-hours.ts';
import { addRangeOptions, type RangeOptions } from '../../figures/quarter-range.ts';
import { type Answered, type Database, openDatabase, type QueryResult } from '../../log-database/duckdb.ts';
import { eventsView } from '../../log-database/events-view.ts';
import { fetchHours, missingLines, usualFolder } from '../../log-database/fetch-hours.ts';
import { resultCsv, resultJson, resultTable } from './result-text.ts';

interface Options extends GlobalOptions, RangeOptions {
  readonly csv?: true;
  readonly folder?: string;
}

const example = "SELECT offer_id, count(*) FROM events WHERE type = 'click' GROUP BY ALL";

export function addQuery(program: Command, shell: Shell): void {
  const command = program
    .command('query')
    .description('ask the event log in SQL with DuckDB; the segments of the hours are fetched first')
    .argument('<sql>', 'one statement; the view "events" has the events');
  addRangeOptions(command, 'now')
    .option('--csv', 'print the result as CSV')
    .option(
      '--folder <path>',
      'where fetched segments are kept for the next query (default: .keeptrack/queried/<name>)',
    )
    .addHelpText(
      'after',
      helpNotes(
        [`query "${example}" --from 24h`],
        `The view "events" has each event once, with the columns of the event schema (DESCRIBE events). event_time
is in UTC, and money is exact. "line" is the whole event: line->>'$.params.erid'. Duplicate conversions are
in it: they share a conversion_key. --from and --to choose events by the time in their ids.`,
      ),
    )
    .action((sql: string, _options: unknown, ran: Command) => query(sql, ran.optsWithGlobals<Options>(), shell));
}

async function query(sql: string, options: Options, shell: Shell): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  const problems = options.csv && options.json ? ['say --csv or --json, not both'] : [];
  const hours = askedHours(options, deployment, 'until-now', shell, problems);
  if (!hours) return;
  const database = await openDatabase();
  if (!database) return refuse(shell, 'DuckDB is not installed: run npm install --no-save @duckdb/node-api');
  try {
    // A typing error must not cost the download of gigabytes.
    const problem = (await database.run(eventsView([]))) ?? (await database.check(sql));
    // Lines of the mistake point at its place in the statement. They hold no text of events.
    if (problem !== undefined) return refuse(shell, ...problem.split('\n'));
    await ask(sql, hours.hours.map(parseHourName), deployment, database, options, shell);
  } finally {
    database.close();
  }
}

async function ask(
  sql: string,
  hours: readonly number[],
  deployment: Deployment,
  database: Database,
  options: Options,
  shell: Shell,
): Promise<void> {
  const folder = resolve(options.folder ?? usualFolder(deployment));
  const fetched = await withBothLogs(deployment, (logs) => fetchHours(logs, hours, folder, shell.progress));
  shell.progress(`${plural(fetched.files.length, 'segment')} in ${folder}, ${fetched.reused} of them from before`);
  const problem = await database.run(eventsView(fetched.files));
  const answered: Answered = problem === undefined ? await database.ask(sql) : { kind: 'refused', reason: problem };
  const failures = [
    ...(answered.kind === 'refused' ? [answered.reason] : tell(answered.result, options, shell)),
    ...missingLines(fetched),
  ];
  for (const failure of failures) shell.error(failure);
  if (failures.length > 0) shell.exitWith(1);
}

/** Prints the result. Returns a line about rows that were not printed. */
function tell(result: QueryResult, { csv, json }: Options, shell: Shell): readonly string[] {
  if (json) shell.out(resultJson(result));
  else for (const line of csv ? resultCsv(result) : resultTable(result)) shell.out(line);
  if (!result.isCut) return [];
  return [
    `only the first ${limits.query.rowsMax} rows are printed: ask for fewer, or write them with COPY (…) TO 'file.csv'`,
  ];
}
