import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import type { DeployConfig } from '../../core/config/deploy-config.ts';
import { queryDatabaseName, queryTableName, workGroupName } from '../../core/config/resource-names.ts';
import { type ColumnType, eventColumns } from '../../core/event/event-columns.ts';
import { limits } from '../../core/limits/limits.ts';
import type { RegionPlan } from '../region-plan.ts';

/**
 * The event log as a table for Athena. Nothing is copied, and there is no crawler and no list of partitions. An event
 * that was stored twice is in the table twice; docs/operations.md has a view that drops duplicates.
 */
export class EventQueries extends Construct {
  constructor(scope: Construct, id: string, { config, resources }: RegionPlan) {
    super(scope, id);
    const databaseName = queryDatabaseName(config);
    const database = new CfnDatabase(this, 'Database', {
      catalogId: config.account,
      databaseInput: {
        name: databaseName,
        description: `Keeptrack ${config.name}: the event log of ${resources.home}`,
      },
    });
    const table = new CfnTable(this, 'Events', {
      catalogId: config.account,
      databaseName,
      tableInput: {
        name: queryTableName,
        tableType: 'EXTERNAL_TABLE',
        parameters: projection(config, `s3://${resources.homeBucket.name}/log/`),
        partitionKeys: [
          { name: 'dt', type: 'string', comment: 'day of the events, UTC' },
          { name: 'hr', type: 'string', comment: 'hour of the events, UTC, 00 to 23' },
        ],
        storageDescriptor: {
          location: `s3://${resources.homeBucket.name}/log/`,
          inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          columns: eventColumns.map(({ name, type }) => ({ name, type: typeNames[type] })),
          serdeInfo: {
            serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
            // One line that is no JSON must not end a query over a year.
            parameters: { 'ignore.malformed.json': 'true', 'case.insensitive': 'false', 'dots.in.keys': 'false' },
          },
        },
      },
    });
    table.addResourceDependency(database);
    this.workGroup(config);
  }

  /**
   * Athena keeps the results itself, encrypted, for 24 hours. They hold addresses of visitors. A bucket of ours would
   * be one more place from which to erase a person, and everybody who asks would need the right to write there.
   * https://docs.aws.amazon.com/athena/latest/ug/managed-results.html
   */
  private workGroup(config: DeployConfig): void {
    new CfnWorkGroup(this, 'WorkGroup', {
      name: workGroupName(config),
      description: 'Questions to the event log, each bounded in what it reads',
      // Without this a workgroup that was used once keeps its stack from being deleted:
      // https://docs.aws.amazon.com/athena/latest/APIReference/API_DeleteWorkGroup.html
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        bytesScannedCutoffPerQuery: limits.queries.scannedBytesMax,
        enforceWorkGroupConfiguration: true,
        managedQueryResultsConfiguration: { enabled: true },
        publishCloudWatchMetricsEnabled: true,
      },
    });
  }
}

/** Decimals stay text, which is exact. A query that adds them casts them. */
const typeNames: Readonly<Record<ColumnType, string>> = {
  text: 'string',
  whole: 'bigint',
  time: 'bigint',
  decimal: 'string',
  flag: 'boolean',
  json: 'string',
};

/** Athena works out which prefixes a query reads: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html */
function projection({ retentionDays }: DeployConfig, location: string): Record<string, string> {
  return {
    classification: 'json',
    'projection.enabled': 'true',
    'projection.dt.type': 'date',
    'projection.dt.format': 'yyyy-MM-dd',
    'projection.dt.range': `NOW-${retentionDays}DAYS,NOW`,
    'projection.dt.interval': '1',
    'projection.dt.interval.unit': 'DAYS',
    'projection.hr.type': 'integer',
    'projection.hr.range': '0,23',
    'projection.hr.digits': '2',
    // Athena fills in the names in braces.
    'storage.location.template': `${location}dt=$\{dt}/hr=$\{hr}/`,
  };
}
