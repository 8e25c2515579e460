import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { type Queue, QueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { limits } from '../../core/limits/limits.ts';

export interface EventLogProps {
  readonly bucketName: string;
  readonly retentionDays: number;
}

/** The bucket of segments: the source of truth that every figure can be counted from again. */
export class EventLog extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { bucketName, retentionDays }: EventLogProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName,
      versioned: true,
      // S3's own keys: a key in KMS would be one more thing that can be down while an event is captured.
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: lifecycle(retentionDays),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Four roles write here, each of them counting what it does, and every object is named by its content and versioned. Who else reads, CloudTrail data events tell, which are switched on for an account and not by an application.',
    });
  }

  /**
   * Has S3 tell `queue` of every segment. Set on the bucket itself: the library's own way is a function that does it
   * while deploying. S3 refuses a queue that it may not send to, so its policy comes first:
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
   * While a bucket that stayed is taken back into a stack there is no policy yet to wait for: `-c importing=true`.
   */
  announceSegments(queue: Queue): void {
    if (this.node.tryGetContext('importing') === 'true') return;
    const bucket = this.bucket.node.defaultChild as CfnBucket;
    const rules = [{ name: 'prefix', value: 'log/' }];
    bucket.notificationConfiguration = {
      queueConfigurations: [{ event: 's3:ObjectCreated:*', queue: queue.queueArn, filter: { s3Key: { rules } } }],
    };
    bucket.node.addDependency(...queue.node.children.filter((child) => child instanceof QueuePolicy));
  }
}

/**
 * Segments grow old, and with them what was made of them; the catalog stays. Final figures are in the table too, which
 * keeps them. In a versioned bucket an expired object first becomes a noncurrent one.
 */
function lifecycle(retentionDays: number): LifecycleRule[] {
  return [
    { id: 'segments-expire', prefix: 'log/', expiration: Duration.days(retentionDays) },
    { id: 'ledger-expires', prefix: 'ledger/', expiration: Duration.days(retentionDays) },
    { id: 'ledger-work-expires', prefix: 'ledger/work/', expiration: Duration.days(limits.ledger.workDays) },
    { id: 'old-versions-expire', noncurrentVersionExpiration: Duration.days(limits.eventLog.noncurrentDays) },
    { id: 'delete-markers-expire', expiredObjectDeleteMarker: true },
  ];
}
