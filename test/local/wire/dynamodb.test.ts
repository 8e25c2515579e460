import { crc32 } from 'node:zlib';
import {
  BatchGetItemCommand,
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../local/endpoint/endpoint.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { FaultBoard } from '../../../local/fault/fault-board.ts';
import { anyPort } from '../../../local/listen.ts';
import { Tables } from '../../../local/model/table/tables.ts';
import type { PolicyStatement } from '../../../local/template/region-template.ts';
import { createDynamoDbService } from '../../../local/wire/dynamodb.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { settings } from '../model/table/sample-table.ts';

const region = 'us-east-1';
const TableName = settings.name;
const time = new SimulatedTime();
const chance = () => 0;

let tables: Tables;
let faults: FaultBoard;
let policy: readonly PolicyStatement[];
let endpoint: Endpoint;
let clients: DynamoDBClient[];

beforeEach(async () => {
  tables = new Tables([settings]);
  faults = new FaultBoard({ time, chance });
  policy = [];
  clients = [];
  const scopeOf = (name: string) =>
    name === region ? { region, account: '111122223333', tables, createdAtMs: 5_000 } : undefined;
  endpoint = await startEndpoint({
    ...{ port: anyPort, services: [createDynamoDbService({ scopeOf, requestId: () => 'request-1' })] },
    ...{ faults, time, chance, policyOf: () => policy, kill: () => {} },
    onSurprise: (error) => expect.unreachable(String(error)),
  });
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  await endpoint.close();
});

function clientOf(accessKeyId = 'operator', inRegion = region): DynamoDBClient {
  const credentials = { accessKeyId, secretAccessKey: 'local' };
  const client = new DynamoDBClient({ region: inRegion, endpoint: endpoint.url, maxAttempts: 1, credentials });
  clients.push(client);
  return client;
}

const key = (pk: string, sk = 's') => ({ pk: { S: pk }, sk: { S: sk } });
const setting = { UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': { N: '1' } } };
const put = (pk: string) => new UpdateItemCommand({ TableName, Key: key(pk), ...setting });
const stored = () =>
  tables.all[0]
    ?.all()
    .map((item) => ('pk' in item ? Object.values(item['pk'] ?? {})[0] : ''))
    .sort();
const broken = (fault: Partial<Fault>) => faults.add({ service: 'dynamodb', effect: 'error', ...fault });

/** The error's name, or `done`. */
async function ending(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: Error & { code?: string }) => error.code ?? error.name,
  );
}

describe('faults', () => {
  test('a service that is down answers 503, and what a fault names otherwise', async () => {
    const down = broken({});
    await expect(clientOf().send(put('a'))).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      $metadata: { httpStatusCode: 503 },
    });
    faults.remove(down.id);
    broken({ status: 500, code: 'InternalServerError' });
    await expect(clientOf().send(put('a'))).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    expect(stored()).toEqual([]);
  });

  test('a lost reply is a write that was done', async () => {
    broken({ effect: 'lose-reply' });
    expect(await ending(clientOf().send(put('a')))).toBe('ECONNRESET');
    expect(stored()).toEqual(['a']);
  });

  test('above its capacity a table throttles, as DynamoDB says it', async () => {
    broken({ effect: 'capacity', perSecond: 1 });
    expect(await ending(clientOf().send(put('a')))).toBe('done');
    await expect(clientOf().send(put('b'))).rejects.toMatchObject({
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('a throttled call is answered with 400, whatever else the fault breaks', async () => {
    broken({ code: 'ProvisionedThroughputExceededException', actions: ['BatchGetItem'] });
    const read = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key('a')] } } });
    await expect(clientOf().send(read)).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      $metadata: { httpStatusCode: 400 },
    });
    expect(await ending(clientOf().send(put('a')))).toBe('done');
  });

  test('without an address new connections break, and open ones go on', async () => {
    const client = clientOf();
    await client.send(put('a'));
    broken({ effect: 'no-address' });
    expect(await ending(client.send(put('b')))).toBe('done');
    expect(await ending(clientOf().send(put('c')))).toBe('ECONNRESET');
    expect(stored()).toEqual(['a', 'b']);
  });
});

describe('rights', () => {
  const stats = 'LOCAL.us-east-1.keeptrack-stats.1';

  test('what a policy does not grant is refused with 400, and changes nothing', async () => {
    await expect(clientOf(stats).send(put('a'))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    });
    expect(endpoint.tally.denied(region)).toEqual([`keeptrack-stats dynamodb:UpdateItem ${settings.arn}`]);
    expect(stored()).toEqual([]);
  });

  test('what it grants is done', async () => {
    policy = [{ effect: 'Allow', actions: ['dynamodb:UpdateItem'], resources: [settings.arn] }];
    expect(await ending(clientOf(stats).send(put('a')))).toBe('done');
  });
});

describe('what an operator asks', () => {
  test('what a table is like', async () => {
    await clientOf().send(put('a'));
    const { Table } = await clientOf().send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      TableArn: settings.arn,
      ...{ TableStatus: 'ACTIVE', ItemCount: 1, DeletionProtectionEnabled: true },
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    });
    expect(Table?.CreationDateTime).toEqual(new Date(5_000));
    const { TimeToLiveDescription } = await clientOf().send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires_at' });
    const backups = await clientOf().send(new DescribeContinuousBackupsCommand({ TableName }));
    expect(backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toEqual({
      PointInTimeRecoveryStatus: 'ENABLED',
    });
  });
});

describe('what is not modelled is refused', () => {
  test.each([
    ['an action', new CreateTableCommand({ TableName, ...{ AttributeDefinitions: [], KeySchema: [] } }), /CreateTable/],
    [
      'a parameter',
      new UpdateItemCommand({ TableName, Key: key('a'), ...setting, ReturnValues: 'ALL_OLD' }),
      /ReturnValues.*does not model/s,
    ],
    ['conditions of old', new UpdateItemCommand({ TableName, Key: key('a'), ...setting, Expected: {} }), /Expected/],
    [
      'two tables',
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key('a')] }, other: { Keys: [key('a')] } } }),
      /models one table/,
    ],
  ])('%s', async (_, command, message) => {
    const sent = clientOf().send(command as UpdateItemCommand);
    await expect(sent).rejects.toMatchObject({ message: expect.stringMatching(message) });
  });

  test('another region', async () => {
    expect(await ending(clientOf('operator', 'eu-west-1').send(put('a')))).toBe('UnrecognizedClientException');
  });
});

test('every answer bears the sum of its body, also that of an error', async () => {
  const authorization = `AWS4-HMAC-SHA256 Credential=x/20261123/${region}/dynamodb/aws4_request, Signature=0`;
  for (const action of ['DescribeTable', 'CreateTable']) {
    const headers = { authorization, 'x-amz-target': `DynamoDB_20120810.${action}` };
    const answer = await fetch(endpoint.url, { method: 'POST', headers, body: JSON.stringify({ TableName }) });
    expect(answer.headers.get('x-amz-crc32')).toBe(String(crc32(await answer.text())));
    expect(answer.headers.get('content-type')).toBe('application/x-amz-json-1.0');
  }
});

test('what a table held comes back in the next run', async () => {
  for (const pk of ['a', 'b']) await clientOf().send(put(pk));
  const next = new Tables([settings]);
  next.restore(JSON.parse(JSON.stringify(tables.snapshot())));
  expect(next.all[0]?.usage()).toMatchObject({ items: 2, bytes: tables.all[0]?.usage().bytes });
});
