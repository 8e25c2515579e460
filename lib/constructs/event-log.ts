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

/** The bucket of segments: the source of truth from which every figure can be counted again. */
export class EventLog extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { bucketName, retentionDays }: EventLogProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName,
      versioned: true,
      // S3's own keys: a KMS key would be one more dependency that can be down while an event is captured.
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
        'Five roles write here. Each of them counts what it writes, and every object is named by its content and versioned. CloudTrail data events tell who else reads; they are switched on for an account and not by an application.',
    });
  }

  /**
   * Has S3 notify `queue` of every segment. This is set on the bucket itself, because the library's own way is a
   * function that does it during the deployment. S3 refuses a queue to which it may not send, so the queue's policy
   * comes first: https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
   *
   * While a bucket that stayed is imported into a stack, no policy exists yet: `-c importing=true`.
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
 * Segments expire, and so do the objects made of them. The catalog stays. The table keeps final figures. In a versioned
 * bucket an expired object first becomes a noncurrent one.
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
