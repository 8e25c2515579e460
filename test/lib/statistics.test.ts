import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { eventColumns } from '../../core/event/event-columns.ts';
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

describe('the table of the conversion index', () => {
  test('keeps the name, the keys and the logical id of the releases before, so that no key is lost', () => {
    const [logicalId, { Properties }] = only('AWS::DynamoDB::Table');
    expect([logicalId, Properties.TableName]).toEqual(['FiguresTable74D6F988', 'clicks-figures']);
    const names = (keys: { AttributeName: string }[]) => keys.map(({ AttributeName }) => AttributeName);
    expect(names(Properties.KeySchema)).toEqual(['pk', 'sk']);
    expect(names(Properties.AttributeDefinitions)).toEqual(['pk', 'sk']);
    expect(Properties.GlobalSecondaryIndexes).toBeUndefined();
  });

  test('is paid by what is asked of it, and lets go of keys that no report can repeat', () => {
    const [, { Properties }] = only('AWS::DynamoDB::Table');
    expect(Properties.BillingMode).toBe('PAY_PER_REQUEST');
    expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expires_at', Enabled: true });
    // A report comes at most so many days after the click, and its hour may be made final again for a while.
    expect(limits.figures.indexDays).toBeGreaterThan(limits.figures.clickAgeDaysMax);
  });
});

describe('figures', () => {
  test('are made once a minute, and nothing waits in a queue for it', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [Match.objectLike({ Input: '{"task":"fold"}' })],
    });
    const [, { Properties }] = only('AWS::Lambda::EventSourceMapping');
    expect(JSON.stringify(Properties.FunctionName)).toContain('StoreFunction');
    expect(only('AWS::S3::Bucket')[1]['Properties'].NotificationConfiguration).toBeUndefined();
  });

  test('are what a run of stats has time for before Lambda ends it', () => {
    expect(limits.stats.runMs).toBeLessThan(limits.stats.timeoutSeconds * 1_000);
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'clicks-stats',
      Timeout: limits.stats.timeoutSeconds,
      MemorySize: limits.stats.memoryMegabytes,
      ReservedConcurrentExecutions: limits.stats.concurrencyMax,
    });
  });
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
