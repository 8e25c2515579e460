import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type LifecycleRule, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { capsPrefix } from '../../core/caps/closed-caps.ts';
import { daySumsPrefix, factsPrefix, foldPrefix, sumsPrefix, toldPrefix } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { deliveriesPrefix } from '../../core/postbacks/delivery-keys.ts';
import { outboxPrefix } from '../../core/postbacks/outbox-key.ts';

export interface EventLogProps {
  readonly bucketName: string;
  readonly retentionDays: number;
}

/** The bucket of segments, the source of truth from which every figure can be counted again, and of these figures. */
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
        'Six roles write here. Each of them counts what it writes. Every segment is named by its content, and every object is versioned. CloudTrail data events tell who else reads; they are switched on for an account and not by an application.',
    });
  }
}

/**
 * Segments expire, and so do the figures made of them. The catalog stays. In a versioned bucket an expired object first
 * becomes a noncurrent one. Old versions of figures and of objects about caps go after a day, because these
 * are overwritten once a minute and can be made again. Where two rules concern one object, the shorter time holds:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html
 */
function lifecycle(retentionDays: number): LifecycleRule[] {
  return [
    { id: 'segments-expire', prefix: 'log/', expiration: Duration.days(retentionDays) },
    {
      id: 'ledger-expires',
      prefix: 'ledger/',
      expiration: Duration.days(retentionDays),
      noncurrentVersionExpiration: Duration.days(limits.eventLog.ledgerNoncurrentDays),
    },
    { id: 'fold-expires', prefix: foldPrefix, expiration: Duration.days(limits.fold.keptDays) },
    { id: 'facts-expire', prefix: factsPrefix, expiration: Duration.days(limits.facts.keptDays) },
    { id: 'told-expires', prefix: toldPrefix, expiration: Duration.days(limits.fold.toldKeptDays) },
    {
      id: 'caps-old-versions-expire',
      prefix: capsPrefix,
      noncurrentVersionExpiration: Duration.days(limits.eventLog.ledgerNoncurrentDays),
    },
    // The sum of a month stays: a lifetime cap is older than any figures.
    { id: 'day-sums-expire', prefix: daySumsPrefix, expiration: Duration.days(retentionDays) },
    {
      id: 'old-sums-expire',
      prefix: sumsPrefix,
      noncurrentVersionExpiration: Duration.days(limits.eventLog.ledgerNoncurrentDays),
    },
    { id: 'outbox-expires', prefix: outboxPrefix, expiration: Duration.days(limits.outbox.keptDays) },
    {
      id: 'postbacks-expire',
      prefix: deliveriesPrefix,
      expiration: Duration.days(limits.postbacks.keptDays),
      noncurrentVersionExpiration: Duration.days(limits.eventLog.ledgerNoncurrentDays),
    },
    { id: 'old-versions-expire', noncurrentVersionExpiration: Duration.days(limits.eventLog.noncurrentDays) },
    { id: 'delete-markers-expire', expiredObjectDeleteMarker: true },
  ];
}
