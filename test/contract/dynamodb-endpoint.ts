import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { startEndpoint } from '../../local/endpoint/endpoint.ts';
import { FaultBoard } from '../../local/fault/fault-board.ts';
import { anyPort } from '../../local/listen.ts';
import type { TableSettings } from '../../local/model/table/table-settings.ts';
import { Tables } from '../../local/model/table/tables.ts';
import { createDynamoDbService } from '../../local/wire/dynamodb.ts';
import { SimulatedTime } from '../../simulation/simulated-time.ts';

/**
 * What the contract runs against: our own DynamoDB, or any other whose address the environment gives. There the tests make
 * a table of their own, and remove it.
 */
export interface ContractEndpoint {
  readonly client: DynamoDBClient;
  /** Keys `pk` and `sk`, texts. */
  readonly table: string;
  close(): Promise<void>;
}

export type Attributes = Record<string, AttributeValue>;

const region = process.env['CONTRACT_DYNAMODB_REGION'] ?? 'us-east-1';

export function openContractEndpoint(): Promise<ContractEndpoint> {
  const given = process.env['CONTRACT_DYNAMODB_ENDPOINT'];
  return given === undefined ? openOurOwn() : openForeign(given);
}

async function openForeign(endpoint: string): Promise<ContractEndpoint> {
  const client = new DynamoDBClient({ region, endpoint, maxAttempts: 1 });
  const TableName = `contract-${randomUUID()}`;
  await client.send(new CreateTableCommand({ TableName, ...schema, BillingMode: 'PAY_PER_REQUEST' }));
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName });
  return {
    client,
    table: TableName,
    async close() {
      await client.send(new DeleteTableCommand({ TableName }));
      client.destroy();
    },
  };
}

const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
const schema = {
  AttributeDefinitions: [text('pk'), text('sk')],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' as const },
    { AttributeName: 'sk', KeyType: 'RANGE' as const },
  ],
};

async function openOurOwn(): Promise<ContractEndpoint> {
  const time = new SimulatedTime();
  const tables = new Tables([contractTable]);
  const endpoint = await startEndpoint({
    port: anyPort,
    services: [
      createDynamoDbService({
        scopeOf: () => ({ region, account, tables, createdAtMs: time.nowMs() }),
        requestId: randomUUID,
      }),
    ],
    faults: new FaultBoard({ time, chance: () => 0 }),
    time,
    chance: () => 0,
    policyOf: () => [],
    kill: () => {},
    onSurprise: (error) => console.error(error),
  });
  const credentials = { accessKeyId: 'contract', secretAccessKey: 'contract' };
  const client = new DynamoDBClient({ region, endpoint: endpoint.url, maxAttempts: 1, credentials });
  return {
    client,
    table: contractTable.name,
    async close() {
      client.destroy();
      await endpoint.close();
    },
  };
}

const account = '111122223333';
const textKey = (name: string) => ({ name, type: 'S' }) as const;
const contractTable: TableSettings = {
  name: 'contract',
  arn: `arn:aws:dynamodb:${region}:${account}:table/contract`,
  key: { partition: textKey('pk'), sort: textKey('sk') },
  hasPointInTimeRecovery: false,
  isDeletionProtected: false,
};
