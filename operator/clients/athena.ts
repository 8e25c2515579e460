import type { AthenaClient } from '@aws-sdk/client-athena';
import { queryDatabaseName, workGroupName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Clock } from '../../core/ports.ts';
import { bytesText } from '../cli/format.ts';
import type { Deployment } from './deployment.ts';

/** Rows of text, as a database answered them. */
export interface SqlRows {
  readonly columns: readonly string[];
  /** Null is SQL's NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
  readonly scannedBytes: number;
}

/** The database refused the question or did not answer. The message is for people. */
export class SqlFailure extends Error {}

export interface AthenaWork {
  readonly deployment: Deployment;
  readonly region: string;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly progress: (line: string) => void;
}

const { pollMs, rowsMax, attemptsMax } = limits.logReport;

/**
 * Asks Athena in the deployment's workgroup, waits for the answer and reads all its pages. Throws a SqlFailure.
 * https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
 */
export async function askAthena(sql: string, { deployment, region, clock, progress }: AthenaWork): Promise<SqlRows> {
  // Only this command needs the client, and loading it takes time.
  const athena = await import('@aws-sdk/client-athena');
  const client = new athena.AthenaClient(deployment.clientOptions(region));
  try {
    const started = await client.send(
      new athena.StartQueryExecutionCommand({
        QueryString: sql,
        QueryExecutionContext: { Database: queryDatabaseName(deployment.config) },
        WorkGroup: workGroupName(deployment.config),
      }),
    );
    const id = started.QueryExecutionId ?? '';
    const scannedBytes = await finished(client, id, athena, clock, progress);
    return { ...(await resultOf(client, id, athena)), scannedBytes };
  } catch (error) {
    if (error instanceof SqlFailure) throw error;
    throw new SqlFailure(`Athena in ${region}: ${(error as Error).message}`);
  } finally {
    client.destroy();
  }
}

type Athena = typeof import('@aws-sdk/client-athena');

/** Gives the bytes that were read. */
async function finished(
  client: AthenaClient,
  id: string,
  { GetQueryExecutionCommand, StopQueryExecutionCommand }: Athena,
  clock: AthenaWork['clock'],
  progress: AthenaWork['progress'],
): Promise<number> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    const { Status, Statistics } = QueryExecution ?? {};
    const scannedBytes = Statistics?.DataScannedInBytes ?? 0;
    if (Status?.State === 'SUCCEEDED') return scannedBytes;
    if (Status?.State === 'FAILED' || Status?.State === 'CANCELLED') {
      throw new SqlFailure(`Athena: ${Status.State}: ${Status.StateChangeReason ?? 'no reason given'}`);
    }
    progress(`Athena: ${Status?.State ?? 'unknown'}, ${bytesText(scannedBytes)} read so far`);
    await clock.sleep(pollMs);
  }
  await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
  throw new SqlFailure(`Athena did not finish within ${(attemptsMax * pollMs) / 60_000} minutes: ask for fewer days`);
}

/** The first row of the first page has the names of the columns. */
async function resultOf(
  client: AthenaClient,
  id: string,
  { GetQueryResultsCommand }: Athena,
): Promise<Omit<SqlRows, 'scannedBytes'>> {
  const rows: (string | null)[][] = [];
  let next: string | undefined;
  do {
    const command = new GetQueryResultsCommand({
      QueryExecutionId: id,
      MaxResults: 1_000,
      ...(next && { NextToken: next }),
    });
    const { ResultSet, NextToken } = await client.send(command);
    for (const { Data = [] } of ResultSet?.Rows ?? []) rows.push(Data.map(({ VarCharValue = null }) => VarCharValue));
    if (rows.length > rowsMax) throw new SqlFailure(tooManyRows);
    next = NextToken;
  } while (next !== undefined);
  const [columns = [], ...others] = rows;
  return { columns: columns.map((name) => name ?? ''), rows: others };
}

export const tooManyRows = `more than ${rowsMax} rows: ask for fewer days, or name --offer or --affiliate`;
