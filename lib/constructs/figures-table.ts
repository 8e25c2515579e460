import { RemovalPolicy } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type Attribute, AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { affiliateIndex } from '../../core/figures/table-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { alarm } from '../alarm.ts';
import { period } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';

/**
 * The region's figures. They can be counted from the log again. The table is kept all the same, because counting years
 * again takes days in which nobody can be paid.
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
    this.table.addGlobalSecondaryIndex({
      indexName: affiliateIndex,
      partitionKey: text('affiliate_pk'),
      sortKey: text('sk'),
      projectionType: ProjectionType.ALL,
    });
    alarm(this, 'figures-throttled', plan, {
      severity: 'ticket',
      says: 'DynamoDB refuses reads or writes of the figures because there are too many.',
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

/** Refused reads and writes of the table and of its index, which DynamoDB counts separately. */
function throttles(TableName: string): IMetric {
  const refused = (metricName: string, index: object) =>
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: { TableName, ...index },
      statistic: Stats.SUM,
      period,
    });
  const usingMetrics = {
    reads: refused('ReadThrottleEvents', {}),
    writes: refused('WriteThrottleEvents', {}),
    indexReads: refused('ReadThrottleEvents', { GlobalSecondaryIndexName: affiliateIndex }),
    indexWrites: refused('WriteThrottleEvents', { GlobalSecondaryIndexName: affiliateIndex }),
  };
  const expression = Object.keys(usingMetrics)
    .map((name) => `FILL(${name}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics, label: 'refused by DynamoDB', period });
}
