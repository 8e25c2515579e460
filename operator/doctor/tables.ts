import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { type AwsAnswer, awsAnswer } from '../aws-answer.ts';
import type { TableExpectations } from './expectations.ts';
import { deployAgain, differing, type Finding, unreadable } from './finding.ts';
import type { Check } from './subject.ts';

/** What DynamoDB says of a table, each part in words of its own. */
export interface TableFacts {
  readonly deletionProtection: AwsAnswer<string>;
  /** Names, sorted. */
  readonly indexes: AwsAnswer<string>;
  /** The attribute that says when an item ends; empty when none does. */
  readonly timeToLive: AwsAnswer<string>;
  readonly recovery: AwsAnswer<string>;
}

export const checkTables: Check = async ({ deployment, region, expected }) => {
  const client = new DynamoDBClient(deployment.clientOptions(region));
  const findings = expected.tables.map(async (one) => judgeTable(region, one, await readTable(client, one.TableName)));
  const all = (await Promise.all(findings)).flat();
  client.destroy();
  return all;
};

async function readTable(client: DynamoDBClient, TableName: string): Promise<TableFacts> {
  const named = { TableName };
  const [table, timeToLive, recovery] = await Promise.all([
    awsAnswer(async () => (await client.send(new DescribeTableCommand(named))).Table ?? {}),
    awsAnswer(async () => {
      const { TimeToLiveDescription: found } = await client.send(new DescribeTimeToLiveCommand(named));
      return found?.TimeToLiveStatus === 'ENABLED' ? (found.AttributeName ?? '') : 'none';
    }),
    awsAnswer(async () => {
      const { ContinuousBackupsDescription: found } = await client.send(new DescribeContinuousBackupsCommand(named));
      return found?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus ?? 'DISABLED';
    }),
  ]);
  const ofTable = (value: string): AwsAnswer<string> => (table.kind === 'ok' ? { kind: 'ok', value } : table);
  const { DeletionProtectionEnabled, GlobalSecondaryIndexes = [] } = table.kind === 'ok' ? table.value : {};
  return {
    deletionProtection: ofTable(String(DeletionProtectionEnabled ?? false)),
    indexes: ofTable(namesOf(GlobalSecondaryIndexes)),
    timeToLive,
    recovery,
  };
}

export function judgeTable(region: string, expected: TableExpectations, found: TableFacts): readonly Finding[] {
  const about = (what: string, wanted: string, answer: AwsAnswer<string>): readonly Finding[] => {
    const whole = `table ${expected.TableName}: ${what}`;
    if (answer.kind === 'failed') return [unreadable(region, whole, answer.reason)];
    return differing({ region, what: whole, expected: wanted, found: answer.value, todo: deployAgain });
  };
  const { PointInTimeRecoveryEnabled } = expected.PointInTimeRecoverySpecification;
  return [
    ...about('protected from deletion', String(expected.DeletionProtectionEnabled), found.deletionProtection),
    ...about('indexes', namesOf(expected.GlobalSecondaryIndexes), found.indexes),
    ...about('items end by', expected.TimeToLiveSpecification?.AttributeName ?? 'none', found.timeToLive),
    ...about('can be taken back in time', PointInTimeRecoveryEnabled ? 'ENABLED' : 'DISABLED', found.recovery),
  ];
}

function namesOf(indexes: readonly { readonly IndexName?: string | undefined }[]): string {
  const names = indexes.map(({ IndexName = '' }) => IndexName);
  return names.sort().join(', ') || 'none';
}
