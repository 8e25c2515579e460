import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { limits } from '../../../core/limits/limits.ts';
import { type AwsAnswer, awsAnswer } from '../../clients/aws-answer.ts';
import type { TableExpectations } from './expectations.ts';
import { deployAgain, type Finding, mismatch, unreadable } from './finding.ts';
import type { RegionCheck } from './region-check.ts';

/** The settings of a table, each as text or as a failed call. */
export interface TableFacts {
  readonly deletionProtection: AwsAnswer<string>;
  /** Names, sorted. */
  readonly indexes: AwsAnswer<string>;
  /** The attribute with an item's end; `none` when the table has no time to live. */
  readonly timeToLive: AwsAnswer<string>;
  readonly recovery: AwsAnswer<string>;
  /** Write units a second that the table takes without growing; 0 when DynamoDB does not say. */
  readonly warmWrites: AwsAnswer<number>;
  /** The same for the index that takes the fewest. */
  readonly warmIndexWrites: AwsAnswer<number>;
}

export const checkTables: RegionCheck = async ({ deployment, region, expected, clicksPerSecond }) => {
  const client = new DynamoDBClient(deployment.clientOptions(region));
  const findings = expected.tables.map(async (one) => {
    const facts = await readTable(client, one.TableName);
    return [...judgeTable(region, one, facts), ...judgeWarmth(region, one.TableName, facts, clicksPerSecond)];
  });
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
  const ofTable = <T>(value: T): AwsAnswer<T> => (table.kind === 'ok' ? { kind: 'ok', value } : table);
  const {
    DeletionProtectionEnabled,
    GlobalSecondaryIndexes = [],
    WarmThroughput,
  }: TableDescription = table.kind === 'ok' ? table.value : {};
  const indexWrites = GlobalSecondaryIndexes.map((index) => index.WarmThroughput?.WriteUnitsPerSecond ?? 0);
  return {
    deletionProtection: ofTable(String(DeletionProtectionEnabled ?? false)),
    indexes: ofTable(namesOf(GlobalSecondaryIndexes)),
    timeToLive,
    recovery,
    warmWrites: ofTable(WarmThroughput?.WriteUnitsPerSecond ?? 0),
    warmIndexWrites: ofTable(Math.min(...indexWrites)),
  };
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
    ...about('indexes', namesOf(expected.GlobalSecondaryIndexes), found.indexes),
    ...about('items end by', expected.TimeToLiveSpecification?.AttributeName ?? 'none', found.timeToLive),
    ...about('can be taken back in time', PointInTimeRecoveryEnabled ? 'ENABLED' : 'DISABLED', found.recovery),
  ];
}

/**
 * An on-demand table takes its warm throughput at once, 4,000 writes a second when it is new, and grows under load.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
 */
export function judgeWarmth(
  region: string,
  tableName: string,
  { warmWrites, warmIndexWrites }: Pick<TableFacts, 'warmWrites' | 'warmIndexWrites'>,
  clicksPerSecond: number,
): readonly Finding[] {
  const { tableWritesPerClick, indexWritesPerClick } = limits.doctor;
  const about = (what: string, perClick: number, warm: AwsAnswer<number>): readonly Finding[] => {
    const needed = Math.ceil(clicksPerSecond * perClick);
    // `judgeTable` reports a table that cannot be described.
    if (warm.kind === 'failed' || warm.value >= needed) return [];
    const todo = 'warm it before the peak (docs/deploy.md, Capacity); until then provisional figures come late';
    const whole = `table ${tableName}: ${what} for ${clicksPerSecond} clicks a second`;
    return [{ region, what: whole, expected: `at least ${needed}`, found: String(warm.value), todo }];
  };
  return [
    ...about('writes a second taken at once', tableWritesPerClick, warmWrites),
    ...about('writes a second taken at once by its index', indexWritesPerClick, warmIndexWrites),
  ];
}

function namesOf(indexes: readonly { readonly IndexName?: string | undefined }[]): string {
  const names = indexes.map(({ IndexName = '' }) => IndexName);
  return names.sort().join(', ') || 'none';
}
