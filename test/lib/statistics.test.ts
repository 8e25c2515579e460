import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { eventColumns } from '../../core/event/event-columns.ts';
import { affiliateIndex, provisionalRowNames } from '../../core/figures/table-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { configOf, regions, templatesOf } from './templates.ts';

type Resource = ReturnType<Template['findResources']>[string];

const home = regions[0];
let template: Template;

beforeAll(() => {
  [template] = templatesOf(configOf({ retentionDays: 400 }));
});

function only(type: string, of: Template = template): readonly [string, Resource] {
  const [first, ...more] = Object.entries(of.findResources(type));
  if (first === undefined || more.length > 0) throw new Error(`there should be one ${type}`);
  return first;
}

describe('the table of figures', () => {
  test('has the keys by which rows are named, by offer and by affiliate', () => {
    const [, { Properties }] = only('AWS::DynamoDB::Table');
    const names = (keys: { AttributeName: string }[]) => keys.map(({ AttributeName }) => AttributeName);
    const [index] = Properties.GlobalSecondaryIndexes;
    expect(names(Properties.KeySchema)).toEqual(['pk', 'sk']);
    expect(names(index.KeySchema)).toEqual(['affiliate_pk', 'sk']);
    expect([index.IndexName, index.Projection]).toEqual([affiliateIndex, { ProjectionType: 'ALL' }]);
    const row = { hour: '2026-11-23T05', offerId: 1, affiliateId: 2, goalId: 0, region: home, currency: 'USD' };
    const attributes = names(Properties.AttributeDefinitions);
    expect(Object.keys(provisionalRowNames(row)).sort()).toEqual(attributes.sort());
  });

  test('is paid by what is asked of it, and lets go of what is provisional', () => {
    const [, { Properties }] = only('AWS::DynamoDB::Table');
    expect(Properties.BillingMode).toBe('PAY_PER_REQUEST');
    expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expires_at', Enabled: true });
  });
});

describe('S3’s notifications', () => {
  test('tell the stats queue of every segment, and of nothing else', () => {
    const [, { Properties }] = only('AWS::S3::Bucket');
    expect(Properties.NotificationConfiguration).toEqual({
      QueueConfigurations: [
        {
          Event: 's3:ObjectCreated:*',
          Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'log/' }] } },
          Queue: { 'Fn::GetAtt': [queueId('clicks-stats'), 'Arn'] },
        },
      ],
    });
  });

  test('are let in by the queue before the bucket is told, and only those of this bucket and account', () => {
    const [, { DependsOn }] = only('AWS::S3::Bucket');
    const [policyId] = DependsOn;
    const { Queues, PolicyDocument } = template.findResources('AWS::SQS::QueuePolicy')[policyId]?.['Properties'] ?? {};
    expect(Queues).toEqual([{ Ref: queueId('clicks-stats') }]);
    expect(PolicyDocument.Statement.slice(1)).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: { 'Fn::GetAtt': [queueId('clicks-stats'), 'Arn'] },
        Condition: {
          ArnEquals: { 'aws:SourceArn': `arn:aws:s3:::clicks-log-123456789012-${home}` },
          StringEquals: { 'aws:SourceAccount': '123456789012' },
        },
      },
    ]);
  });

  test('are left out while what stayed is imported, so that nothing kept waits for what is not', () => {
    const [importing] = templatesOf(configOf(), { importing: 'true' });
    const [, { Properties, DependsOn }] = only('AWS::S3::Bucket', importing);
    expect([Properties.NotificationConfiguration, DependsOn]).toEqual([undefined, undefined]);
  });

  test('reach `stats` in batches, each for itself, and never take all that the account may run', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [queueId('clicks-stats'), 'Arn'] },
      BatchSize: limits.stats.batchSizeMax,
      MaximumBatchingWindowInSeconds: limits.stats.batchWindowSeconds,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: limits.stats.concurrencyMax },
    });
  });

  test('that are tried and fail are an alarm before SQS leaves them out of the age, at the third time', () => {
    const { statsAgeSeconds, statsOld } = limits.statisticsAlarms;
    expect(statsAgeSeconds).toBeGreaterThan(limits.queue.statsVisibilitySeconds + limits.stats.batchWindowSeconds);
    const secondTryEndsSeconds = 2 * limits.queue.statsVisibilitySeconds;
    expect(statsAgeSeconds + limits.alarms.periodSeconds).toBeLessThan(secondTryEndsSeconds);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'clicks-stats-backlog',
      Threshold: statsAgeSeconds,
      DatapointsToAlarm: statsOld.minutes,
      EvaluationPeriods: statsOld.ofMinutes,
    });
  });

  function queueId(name: string): string {
    const [id = ''] = Object.keys(template.findResources('AWS::SQS::Queue', { Properties: { QueueName: name } }));
    return id;
  }
});

describe('the log as a table for Athena', () => {
  test('has a column for whatever an event may say, and the hours as partitions that nobody has to list', () => {
    const { TableInput, DatabaseName } = only('AWS::Glue::Table')[1]['Properties'];
    expect([DatabaseName, TableInput.Name]).toEqual(['clicks', 'events']);
    const columns: { Name: string; Type: string }[] = TableInput.StorageDescriptor.Columns;
    expect(columns.map(({ Name }) => Name)).toEqual(eventColumns.map(({ name }) => name));
    expect(TableInput.PartitionKeys.map(({ Name }: { Name: string }) => Name)).toEqual(['dt', 'hr']);
    expect(TableInput.Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.dt.format': 'yyyy-MM-dd',
      'projection.dt.range': 'NOW-400DAYS,NOW',
      'projection.hr.range': '0,23',
      'projection.hr.digits': '2',
      'storage.location.template': `s3://clicks-log-123456789012-${home}/log/dt=$\{dt}/hr=$\{hr}/`,
    });
  });

  test('has columns whose names Athena takes: lower case, each once, and none that is a partition', () => {
    const names = eventColumns.map(({ name }) => name);
    expect(new Set([...names, 'dt', 'hr']).size).toBe(names.length + 2);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
  });

  test('survives a line that is no JSON', () => {
    const { SerdeInfo } = only('AWS::Glue::Table')[1]['Properties'].TableInput.StorageDescriptor;
    expect(SerdeInfo.Parameters['ignore.malformed.json']).toBe('true');
  });

  test('names a database without hyphens, whatever the deployment is called', () => {
    const [named] = templatesOf(configOf({ name: 'go-clicks' }));
    expect(only('AWS::Glue::Database', named)[1]['Properties'].DatabaseInput.Name).toBe('go_clicks');
  });

  test('is asked within a bound, and answers stay in no bucket of ours', () => {
    const { WorkGroupConfiguration } = only('AWS::Athena::WorkGroup')[1]['Properties'];
    expect(WorkGroupConfiguration).toMatchObject({
      BytesScannedCutoffPerQuery: limits.queries.scannedBytesMax,
      EnforceWorkGroupConfiguration: true,
      ManagedQueryResultsConfiguration: { Enabled: true },
    });
    expect(WorkGroupConfiguration.ResultConfiguration).toBeUndefined();
  });

  // https://docs.aws.amazon.com/athena/latest/APIReference/API_DeleteWorkGroup.html
  test('can be taken down after it was asked', () => {
    expect(only('AWS::Athena::WorkGroup')[1]['Properties'].RecursiveDeleteOption).toBe(true);
  });
});
