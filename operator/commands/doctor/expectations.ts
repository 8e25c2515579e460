import { z } from 'zod';
import { parseJson } from '../../../core/parse-json.ts';

/**
 * The settings that a template gives its region, read from the file that `cdk synth` wrote. Only literal values: a
 * value that CloudFormation makes (a reference, a secret) is not known before the deploy.
 */
export interface RegionExpectations {
  readonly functions: readonly FunctionExpectations[];
  readonly queues: readonly QueueExpectations[];
  readonly buckets: readonly BucketExpectations[];
  readonly tables: readonly TableExpectations[];
  /** Domain names of the certificates. */
  readonly certificates: readonly string[];
}

export type FunctionExpectations = z.output<typeof functionProperties>;
export type QueueExpectations = z.output<typeof queueProperties>;
export type BucketExpectations = z.output<typeof bucketProperties>;
export type TableExpectations = z.output<typeof tableProperties>;

const functionProperties = z.object({
  FunctionName: z.string(),
  Runtime: z.string(),
  Timeout: z.number(),
  MemorySize: z.number(),
  ReservedConcurrentExecutions: z.number().optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }).default({ Variables: {} }),
});

const queueProperties = z.object({
  QueueName: z.string(),
  VisibilityTimeout: z.number(),
  MessageRetentionPeriod: z.number(),
  MaximumMessageSize: z.number(),
  RedrivePolicy: z.object({ maxReceiveCount: z.number() }).optional(),
});

const lifecycleRule = z.object({
  Id: z.string(),
  Status: z.string(),
  Prefix: z.string().default(''),
  ExpirationInDays: z.number().optional(),
  NoncurrentVersionExpiration: z.object({ NoncurrentDays: z.number() }).optional(),
  ExpiredObjectDeleteMarker: z.boolean().optional(),
});

const bucketProperties = z.object({
  BucketName: z.string(),
  VersioningConfiguration: z.object({ Status: z.string() }),
  BucketEncryption: z.object({
    ServerSideEncryptionConfiguration: z.tuple([
      z.object({ ServerSideEncryptionByDefault: z.object({ SSEAlgorithm: z.string() }) }),
    ]),
  }),
  PublicAccessBlockConfiguration: z.record(z.string(), z.boolean()),
  LifecycleConfiguration: z.object({ Rules: z.array(lifecycleRule) }),
});

const tableProperties = z.object({
  TableName: z.string(),
  DeletionProtectionEnabled: z.boolean().default(false),
  TimeToLiveSpecification: z.object({ AttributeName: z.string() }).optional(),
  PointInTimeRecoverySpecification: z
    .object({ PointInTimeRecoveryEnabled: z.boolean() })
    .default({ PointInTimeRecoveryEnabled: false }),
});

const certificateProperties = z.object({ DomainName: z.string() });

const template = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown() })),
});

/** Undefined when the text is no template of Keeptrack. */
export function parseExpectations(text: string): RegionExpectations | undefined {
  const parsed = template.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const resources = Object.values(parsed.data.Resources);
  const all = <T>(type: string, schema: z.ZodType<T>): T[] =>
    resources.filter(({ Type }) => Type === type).map(({ Properties }) => schema.parse(Properties));
  try {
    return {
      functions: all('AWS::Lambda::Function', functionProperties),
      queues: all('AWS::SQS::Queue', queueProperties),
      buckets: all('AWS::S3::Bucket', bucketProperties),
      tables: all('AWS::DynamoDB::Table', tableProperties),
      certificates: all('AWS::CertificateManager::Certificate', certificateProperties).map((one) => one.DomainName),
    };
  } catch {
    return undefined;
  }
}
