import { RemovalPolicy } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type Attribute, AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { limits } from '../../core/limits/limits.ts';
import { alarm } from '../alarm.ts';
import { period } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';

/**
 * The region's conversion index: which event is the first of a conversion key. The name and the construct are of the
 * time when the table held all figures. A new name would be a new table, without the keys of the last 100 days.
 *
 * The index can be rebuilt from the log. It is backed up all the same: until it is rebuilt, a repeated report would
 * count a second time. At 3,000 clicks a second the backup costs about 0.005 USD per million clicks in each region.
 */
export class FiguresTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, plan: RegionPlan) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      tableName: plan.resources.homeFigures.name,
      partitionKey: text('pk'),
      sortKey: text('sk'),
      // Load comes in bursts after an outage. Without a setting for encryption the table uses DynamoDB's keys, and no
      // KMS.
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expires_at',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    alarm(this, 'figures-throttled', plan, {
      severity: 'ticket',
      says: 'DynamoDB refuses reads or writes of the conversion index because there are too many.',
      metric: throttles(this.table.tableName),
      when: { atLeast: 1 },
      for: limits.statisticsAlarms.throttled,
      silence: 'is well',
    });
  }
}

function text(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}

/** Refused reads and writes, which DynamoDB counts separately. */
function throttles(TableName: string): IMetric {
  const refused = (metricName: string) =>
    new Metric({ namespace: 'AWS/DynamoDB', metricName, dimensionsMap: { TableName }, statistic: Stats.SUM, period });
  return new MathExpression({
    expression: 'FILL(reads, 0) + FILL(writes, 0)',
    usingMetrics: { reads: refused('ReadThrottleEvents'), writes: refused('WriteThrottleEvents') },
    label: 'refused by DynamoDB',
    period,
  });
}
