import { resolve } from 'node:path';
import { queryDatabaseName, queryTableName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs, hourStart } from '../../core/log/log-key.ts';
import { bytesText, plural } from '../cli/format.ts';
import type { Shell } from '../cli/shell.ts';
import { askAthena, SqlFailure, type SqlRows, tooManyRows } from '../clients/athena.ts';
import { withBothLogs } from '../clients/both-logs.ts';
import type { Deployment } from '../clients/deployment.ts';
import { openDatabase } from './duckdb.ts';
import { eventsView } from './events-view.ts';
import { fetchHours, missingLines, usualFolder } from './fetch-hours.ts';
import { athenaLines, duckDbLines, type LinesOf, type LogSpan } from './log-sql.ts';

/** A database that reads the event log. Each method throws a SqlFailure. */
export interface LogSource {
  /** Whose log was read. With DuckDB, the first region whose log answered: its segments come from either log. */
  readonly region: string;
  readonly linesOf: LinesOf;
  ask(sql: string): Promise<SqlRows>;
  /** Lines for people: what was read, and what is missing. */
  told(): readonly string[];
}

export interface FetchWishes {
  /** All hours that will be asked for. Their segments are fetched first. */
  readonly read: LogSpan;
  /** Where they are kept; undefined = the usual folder. */
  readonly folder: string | undefined;
  /** The regions in the order in which the report names them. */
  readonly regions: readonly string[];
}

export async function withDuckDb<T>(
  deployment: Deployment,
  { read, folder, regions }: FetchWishes,
  { progress }: Pick<Shell, 'progress'>,
  use: (source: LogSource) => Promise<T>,
): Promise<T> {
  const database = await openDatabase();
  if (!database) throw new SqlFailure('DuckDB is not installed: run npm install --no-save @duckdb/node-api');
  try {
    const hours = hoursOf(read);
    const path = resolve(folder ?? usualFolder(deployment));
    const fetched = await withBothLogs(deployment, (logs) => fetchHours(logs, hours, path, progress));
    const problem = await database.run(eventsView(fetched.files));
    if (problem !== undefined) throw new SqlFailure(problem);
    const isAsked = (region: string) => fetched.notAsked.every((one) => one.region !== region);
    return await use({
      region: [...regions, ...deployment.regions].find(isAsked) ?? regions[0] ?? '',
      linesOf: duckDbLines,
      async ask(sql) {
        const answered = await database.ask(sql, limits.logReport.rowsMax);
        if (answered.kind === 'refused') throw new SqlFailure(answered.reason);
        const { columns, rows, isCut } = answered.result;
        if (isCut) throw new SqlFailure(tooManyRows);
        return { columns, rows: rows.map((row) => row.map(textOf)), scannedBytes: fetched.sizeBytes };
      },
      told: () => [
        `read from the log with DuckDB: ${plural(fetched.files.length, 'segment')} of ${plural(hours.length, 'hour')}, ${bytesText(fetched.sizeBytes)}`,
        ...missingLines(fetched),
      ],
    });
  } finally {
    database.close();
  }
}

export function athenaSource(deployment: Deployment, region: string, shell: Shell): LogSource {
  let [scannedBytes, questions] = [0, 0];
  const { clock, progress } = shell;
  return {
    region,
    linesOf: athenaLines(queryDatabaseName(deployment.config), queryTableName),
    async ask(sql) {
      const answer = await askAthena(sql, { deployment, region, clock, progress });
      scannedBytes += answer.scannedBytes;
      questions += 1;
      return answer;
    },
    told: () => [
      `read from the log of ${region} with Athena: ${bytesText(scannedBytes)} scanned in ${plural(questions, 'question')}`,
    ],
  };
}

function hoursOf({ fromMs, toMs }: LogSpan): readonly number[] {
  const firstMs = hourStart(fromMs);
  return Array.from({ length: Math.ceil((toMs - firstMs) / hourMs) }, (_, index) => firstMs + index * hourMs);
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
