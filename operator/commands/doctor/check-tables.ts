import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { type AwsAnswer, awsAnswer } from '../../clients/aws-answer.ts';
import type { TableExpectations } from './expectations.ts';
import { deployAgain, type Finding, mismatch, unreadable } from './finding.ts';
import type { RegionCheck } from './region-check.ts';

/** The settings of a table, each as text or as a failed call. */
export interface TableFacts {
  readonly deletionProtection: AwsAnswer<string>;
  /** The attribute with an item's end; `none` when the table has no time to live. */
  readonly timeToLive: AwsAnswer<string>;
  readonly recovery: AwsAnswer<string>;
}

export const checkTables: RegionCheck = async ({ deployment, region, expected }) => {
  const client = new DynamoDBClient(deployment.clientOptions(region));
  const findings = expected.tables.map(async (one) => judgeTable(region, one, await readTable(client, one.TableName)));
  const all = (await Promise.all(findings)).flat();
  client.destroy();
  return all;
};

async function readTable(client: DynamoDBClient, TableName: string): Promise<TableFacts> {
  const named = { TableName };
  const [deletionProtection, timeToLive, recovery] = await Promise.all([
    awsAnswer(async () => {
      const { Table: found } = await client.send(new DescribeTableCommand(named));
      return String(found?.DeletionProtectionEnabled ?? false);
    }),
    awsAnswer(async () => {
      const { TimeToLiveDescription: found } = await client.send(new DescribeTimeToLiveCommand(named));
      return found?.TimeToLiveStatus === 'ENABLED' ? (found.AttributeName ?? '') : 'none';
    }),
    awsAnswer(async () => {
      const { ContinuousBackupsDescription: found } = await client.send(new DescribeContinuousBackupsCommand(named));
      return found?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus ?? 'DISABLED';
    }),
  ]);
  return { deletionProtection, timeToLive, recovery };
}

export function judgeTable(region: string, expected: TableExpectations, found: TableFacts): readonly Finding[] {
  const about = (what: string, wanted: string, answer: AwsAnswer<string>): readonly Finding[] => {
    const whole = `table ${expected.TableName}: ${what}`;
    if (answer.kind === 'failed') return [unreadable(region, whole, answer.reason)];
    return mismatch({ region, what: whole, expected: wanted, found: answer.value, todo: deployAgain });
  };
  const { PointInTimeRecoveryEnabled } = expected.PointInTimeRecoverySpecification;
  return [
    ...about('protected from deletion', String(expected.DeletionProtectionEnabled), found.deletionProtection),
    ...about('items end by', expected.TimeToLiveSpecification?.AttributeName ?? 'none', found.timeToLive),
    ...about('can be taken back in time', PointInTimeRecoveryEnabled ? 'ENABLED' : 'DISABLED', found.recovery),
  ];
}
