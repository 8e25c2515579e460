import { z } from 'zod';
import { balancerTypes } from './balancer-types.ts';
import { bucketConfiguration } from './bucket-configuration.ts';
import { deployTypes } from './deploy-types.ts';
import { identityPolicy, resourcePolicy, trustPolicy } from './policy-document.ts';
import { queryTypes } from './query-types.ts';
import { resourceType } from './resource-type.ts';
import { tableType } from './table-type.ts';
import { trafficTypes } from './traffic-types.ts';

/**
 * Every resource type and property that the local cloud knows. The defaults are AWS's, from each type's page in
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/.
 */

export const queueType = resourceType(
  'AWS::SQS::Queue',
  {
    QueueName: z.string(),
    VisibilityTimeout: z.int().min(0).max(43_200).default(30),
    MessageRetentionPeriod: z.int().min(60).max(1_209_600).default(345_600),
    ReceiveMessageWaitTimeSeconds: z.int().min(0).max(20).default(0),
    DelaySeconds: z.int().min(0).max(900).default(0),
    MaximumMessageSize: z.int().min(1_024).max(1_048_576).default(1_048_576),
    RedrivePolicy: z
      .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.int().min(1).max(1_000) })
      .optional(),
  },
  { SqsManagedSseEnabled: 'messages stay in the memory of this machine' },
);

const queuePolicyType = resourceType('AWS::SQS::QueuePolicy', {
  Queues: z.array(z.string()),
  PolicyDocument: resourcePolicy,
});

export const bucketType = resourceType(
  'AWS::S3::Bucket',
  {
    BucketName: z.string(),
    VersioningConfiguration: z.strictObject({ Status: z.literal('Enabled') }).optional(),
    ...bucketConfiguration,
  },
  { OwnershipControls: 'the local cloud has one account only' },
);

const bucketPolicyType = resourceType('AWS::S3::BucketPolicy', {
  Bucket: z.string(),
  PolicyDocument: resourcePolicy,
});

export const roleType = resourceType(
  'AWS::IAM::Role',
  {
    AssumeRolePolicyDocument: trustPolicy,
    Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: identityPolicy })).default([]),
    RoleName: z.string().optional(),
  },
  { Description: 'for people' },
);

/** A policy of its own, which names its roles. */
export const policyType = resourceType('AWS::IAM::Policy', {
  PolicyName: z.string(),
  PolicyDocument: identityPolicy,
  Roles: z.array(z.string()),
});

export const logGroupType = resourceType(
  'AWS::Logs::LogGroup',
  { LogGroupName: z.string() },
  { RetentionInDays: 'the local cloud does not run for days' },
);

export const functionType = resourceType(
  'AWS::Lambda::Function',
  {
    FunctionName: z.string(),
    Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
    Handler: z.string(),
    Runtime: z.string().regex(/^nodejs\d+\.x$/, 'the local cloud runs Node.js functions only'),
    Role: z.string(),
    Environment: z.strictObject({ Variables: z.record(z.string(), z.string()).default({}) }).default({ Variables: {} }),
    MemorySize: z.int().min(128).max(10_240).default(128),
    Timeout: z.int().min(1).max(900).default(3),
    // The local host writes no lines of its own, and functions write none below INFO.
    LoggingConfig: z
      .strictObject({
        LogGroup: z.string(),
        LogFormat: z.enum(['Text', 'JSON']).optional(),
        SystemLogLevel: z.enum(['WARN', 'INFO']).optional(),
        ApplicationLogLevel: z.literal('INFO').optional(),
      })
      .optional(),
    ReservedConcurrentExecutions: z.int().min(0).optional(),
  },
  { Architectures: 'bundles are JavaScript', Description: 'for people' },
);

/** The local schedules never retry a failed invocation, so only 0 retries are allowed. */
const invokeConfigType = resourceType(
  'AWS::Lambda::EventInvokeConfig',
  { FunctionName: z.string(), Qualifier: z.string(), MaximumRetryAttempts: z.literal(0) },
  { MaximumEventAgeInSeconds: 'asynchronous invocations never wait in the local cloud' },
);

export const permissionType = resourceType('AWS::Lambda::Permission', {
  Action: z.literal('lambda:InvokeFunction'),
  FunctionName: z.string(),
  Principal: z.string(),
  // Required here, but not by AWS. Without it, the service could invoke the function on behalf of any AWS customer.
  SourceArn: z.string(),
  SourceAccount: z.string().optional(),
});

export const mappingType = resourceType('AWS::Lambda::EventSourceMapping', {
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.int().min(1).max(10_000).default(10),
  MaximumBatchingWindowInSeconds: z.int().min(0).max(300).default(0),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.int().min(2).max(1_000) }).optional(),
  Enabled: z.literal(true).optional(),
});

export const ruleType = resourceType(
  'AWS::Events::Rule',
  {
    Name: z.string().optional(),
    ScheduleExpression: z.string(),
    State: z.literal('ENABLED').default('ENABLED'),
    Targets: z.array(
      z.strictObject({
        Id: z.string(),
        Arn: z.string(),
        Input: z.string(),
        // Not modelled: EventBridge retries when it cannot reach Lambda. The local cloud always reaches it.
        RetryPolicy: z.unknown().optional(),
      }),
    ),
  },
  { Description: 'for people' },
);

export const apiType = resourceType(
  'AWS::ApiGatewayV2::Api',
  { Name: z.string(), ProtocolType: z.literal('HTTP') },
  { Description: 'for people' },
);

export const integrationType = resourceType('AWS::ApiGatewayV2::Integration', {
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
});

export const routeType = resourceType('AWS::ApiGatewayV2::Route', {
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.literal('NONE').optional(),
});

/** Only the stage without a prefix in the path, which deploys every change at once. */
export const stageType = resourceType('AWS::ApiGatewayV2::Stage', {
  ApiId: z.string(),
  StageName: z.literal('$default'),
  AutoDeploy: z.literal(true),
  DefaultRouteSettings: z
    .strictObject({ ThrottlingRateLimit: z.number().positive(), ThrottlingBurstLimit: z.int().min(1) })
    .optional(),
});

const forWatching = 'the local cloud has no CloudWatch; the console page shows the figures';

export const topicType = resourceType('AWS::SNS::Topic', { TopicName: z.string() });

const topicPolicyType = resourceType(
  'AWS::SNS::TopicPolicy',
  { Topics: z.array(z.string()) },
  { PolicyDocument: 'for alarms, of which the local cloud has none; a function publishes by its own policy' },
);

const subscriptionType = resourceType(
  'AWS::SNS::Subscription',
  { TopicArn: z.string(), Protocol: z.literal('email') },
  { Endpoint: 'the local cloud sends no mail' },
);

const alarmType = resourceType(
  'AWS::CloudWatch::Alarm',
  { AlarmName: z.string(), AlarmActions: z.array(z.string()), OKActions: z.array(z.string()) },
  {
    AlarmDescription: 'for people',
    ComparisonOperator: forWatching,
    DatapointsToAlarm: forWatching,
    Dimensions: forWatching,
    EvaluationPeriods: forWatching,
    MetricName: forWatching,
    Metrics: forWatching,
    Namespace: forWatching,
    Period: forWatching,
    Statistic: forWatching,
    Threshold: forWatching,
    TreatMissingData: forWatching,
  },
);

const dashboardType = resourceType(
  'AWS::CloudWatch::Dashboard',
  { DashboardName: z.string() },
  { DashboardBody: forWatching },
);

export const resourceTypes = [
  queueType,
  queuePolicyType,
  bucketType,
  bucketPolicyType,
  tableType,
  roleType,
  policyType,
  logGroupType,
  functionType,
  invokeConfigType,
  permissionType,
  mappingType,
  ruleType,
  apiType,
  integrationType,
  routeType,
  stageType,
  topicType,
  topicPolicyType,
  subscriptionType,
  alarmType,
  dashboardType,
  ...trafficTypes,
  ...balancerTypes,
  ...deployTypes,
  ...queryTypes,
] as const;
