import { afterEach, beforeEach, expect, test } from 'vitest';
import { askAthena, SqlFailure } from '../../../operator/clients/athena.ts';
import type { Deployment } from '../../../operator/clients/deployment.ts';
import { type LittleServer, littleServer } from '../../lambda/aws/little-server.ts';

/**
 * Athena's JSON protocol, as far as the command uses it. Nobody models Athena itself here:
 * https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html
 */
type Reply = Readonly<Record<string, unknown>> | { readonly __type: string; readonly message: string };

let server: LittleServer;
const [sleeps, progress]: [number[], string[]] = [[], []];
beforeEach(async () => {
  server = await littleServer();
  sleeps.length = 0;
  progress.length = 0;
});
afterEach(() => server.close());

function answer(replies: Readonly<Record<string, readonly Reply[]>>): void {
  const left = new Map(Object.entries(replies).map(([action, some]) => [action, [...some]]));
  server.behave(({ headers }) => {
    const action = `${headers['x-amz-target']}`.replace('AmazonAthena.', '');
    const reply = left.get(action)?.shift() ?? { __type: 'InternalServerException', message: `no reply to ${action}` };
    return {
      status: '__type' in reply ? 400 : 200,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: JSON.stringify(reply),
    };
  });
}

const deployment = {
  config: { name: 'kt-two' },
  clientOptions: (region: string) => ({ region, maxAttempts: 1 }),
} as unknown as Deployment;

function ask() {
  const clock = { sleep: async (durationMs: number) => void sleeps.push(durationMs) };
  return askAthena('SELECT 1', { deployment, region: 'us-east-1', clock, progress: (line) => progress.push(line) });
}

function state(State: string, more = {}): Reply {
  return { QueryExecution: { Status: { State, ...more }, Statistics: { DataScannedInBytes: 12_300_000 } } };
}

function page(rows: readonly (readonly (string | undefined)[])[], NextToken?: string): Reply {
  const Rows = rows.map((row) => ({ Data: row.map((text) => (text === undefined ? {} : { VarCharValue: text })) }));
  return { ResultSet: { Rows }, ...(NextToken && { NextToken }) };
}

const started = { QueryExecutionId: 'q1' };

function bodies(action: string) {
  return server.asked
    .filter(({ headers }) => headers['x-amz-target'] === `AmazonAthena.${action}`)
    .map(({ body }) => JSON.parse(body));
}

test('an answer of several pages comes whole, with the bytes that were scanned', async () => {
  answer({
    StartQueryExecution: [started],
    GetQueryExecution: [state('QUEUED'), state('RUNNING'), state('SUCCEEDED')],
    GetQueryResults: [
      page(
        [
          ['source', 'events'],
          ['news', '7'],
        ],
        'next',
      ),
      page([[undefined, '1']]),
    ],
  });
  expect(await ask()).toEqual({
    columns: ['source', 'events'],
    rows: [
      ['news', '7'],
      [null, '1'],
    ],
    scannedBytes: 12_300_000,
  });
  expect(progress).toEqual(['Athena: QUEUED, 12.3 MB read so far', 'Athena: RUNNING, 12.3 MB read so far']);
  expect(sleeps).toHaveLength(2);
  expect(bodies('StartQueryExecution')).toMatchObject([
    { QueryString: 'SELECT 1', QueryExecutionContext: { Database: 'kt_two' }, WorkGroup: 'kt-two' },
  ]);
  expect(bodies('GetQueryResults').map(({ NextToken }) => NextToken)).toEqual([undefined, 'next']);
});

test.each<[string, Parameters<typeof answer>[0], RegExp]>([
  [
    'that fails says why',
    {
      StartQueryExecution: [started],
      GetQueryExecution: [state('FAILED', { StateChangeReason: 'Bytes scanned limit was exceeded' })],
    },
    /^Athena: FAILED: Bytes scanned limit was exceeded$/,
  ],
  [
    'that is refused says why',
    { StartQueryExecution: [{ __type: 'InvalidRequestException', message: 'WorkGroup kt-two is not found.' }] },
    /^Athena in us-east-1: WorkGroup kt-two is not found\.$/,
  ],
])('a question %s', async (_, replies, message) => {
  answer(replies);
  const failure = await ask().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(SqlFailure);
  expect((failure as Error).message).toMatch(message);
});
