import type { FunctionPart } from './settings.ts';

/**
 * The physical names of resources. A region's functions use resources of the other region, and no stack may wait for
 * the other stack. So these names are made here and not by CloudFormation.
 */

export interface DeploymentIdentity {
  /** From the deploy config, in lower case. Every resource name begins with it. */
  readonly name: string;
  /** 12 digits. */
  readonly account: string;
}

export interface DeploymentStacks extends DeploymentIdentity {
  /** The part before the region. Undefined = made from the deployment's name. */
  readonly stackPrefix?: string | undefined;
}

/** A deployment of this name keeps the stack names of the first releases, which had no deployment name in them. */
const firstName = 'keeptrack';
const firstStackPrefix = 'Keeptrack';

/**
 * Two deployments in one account must never share a stack: the second would replace the queues, the bucket and the
 * functions of the first. `stackPrefix` is for a deployment of the first releases with another name.
 */
export function stackName({ name, stackPrefix }: DeploymentStacks, region: string): string {
  const prefix = stackPrefix ?? (name === firstName ? firstStackPrefix : `${firstStackPrefix}-${name}`);
  return `${prefix}-${region}`;
}

/** The stack name of a region in the first releases, which was the same for every deployment. */
export function firstStackName(region: string): string {
  return `${firstStackPrefix}-${region}`;
}

/**
 * The stack output with the name of the log bucket. The stacks of every release have it, and it tells the deployment.
 */
export const logBucketOutput = 'LogBucketName';

/** Bucket names are global, so this one contains account and region. */
export function logBucketName({ name, account }: DeploymentIdentity, region: string): string {
  return `${name}-log-${account}-${region}`;
}

export function intakeQueueName({ name }: DeploymentIdentity): string {
  return `${name}-intake`;
}

/**
 * The failure queue for segments that the bucket of `owedRegion` still has to get. Each region has one for each bucket,
 * so segments for a dead bucket never delay those for a living one (docs/decisions/0002).
 */
export function failureQueueName({ name }: DeploymentIdentity, owedRegion: string): string {
  return `${name}-failure-${owedRegion}`;
}

/** The queue of messages that can never be stored, with the reason, and of messages that SQS handed out 1,000 times. */
export function deadLetterQueueName({ name }: DeploymentIdentity): string {
  return `${name}-dead-letters`;
}

export function queueUrl({ account }: DeploymentIdentity, region: string, queueName: string): string {
  return `https://sqs.${region}.amazonaws.com/${account}/${queueName}`;
}

export function queueArn({ account }: DeploymentIdentity, region: string, queueName: string): string {
  return `arn:aws:sqs:${region}:${account}:${queueName}`;
}

export function bucketArn(bucketName: string): string {
  return `arn:aws:s3:::${bucketName}`;
}

export function functionName({ name }: DeploymentIdentity, part: FunctionPart): string {
  return `${name}-${part}`;
}

/** The load balancer's target group with `track` in it. At most 32 characters, and `name` has at most 20. */
export function targetGroupName({ name }: DeploymentIdentity): string {
  return `${name}-track`;
}

/** The table of the conversion index. Each region has one of this name. Only its own functions use it. */
export function figuresTableName({ name }: DeploymentIdentity): string {
  return `${name}-figures`;
}

export function topicArn({ account }: DeploymentIdentity, region: string, topicName: string): string {
  return `arn:aws:sns:${region}:${account}:${topicName}`;
}

export function tableArn({ account }: DeploymentIdentity, region: string, tableName: string): string {
  return `arn:aws:dynamodb:${region}:${account}:table/${tableName}`;
}

/** The Athena database. Its name has no hyphens, and all deployments of an account and region share one catalog. */
export function queryDatabaseName({ name }: DeploymentIdentity): string {
  return name.replaceAll('-', '_');
}

export const queryTableName = 'events';

export function workGroupName({ name }: DeploymentIdentity): string {
  return name;
}

/** The alias by which every function is invoked. It points to the deployed version. */
export const liveAlias = 'live';

/** The CodeDeploy application of a region. It has a deployment group for each function, with the function's name. */
export function deploymentApplicationName({ name }: DeploymentIdentity): string {
  return name;
}

/** One namespace a deployment: two deployments in one account and region must not mix their metrics and alarms. */
export function metricNamespace({ name }: DeploymentIdentity): string {
  return `Keeptrack/${name}`;
}

/** `kind` is the alarm's heading in docs/runbook.md. */
export function alarmName({ name }: DeploymentIdentity, kind: string): string {
  return `${name}-${kind}`;
}

export function alarmTopicName({ name }: DeploymentIdentity): string {
  return `${name}-alarms`;
}

/** A region's own host name, for health checks and for people. `record` is the name that both regions share. */
export function regionalName(record: string, region: string): string {
  return `${region}.${record}`;
}

/**
 * The paths of Route 53's health checks and the words in a healthy answer. The name of the region in question follows
 * `/drained/`.
 */
export const healthPaths = { capture: '/health', drained: '/drained/' } as const;
export const healthWords = { capture: 'keeptrack-ok', drained: 'keeptrack-drained' } as const;

/** The dashboard's name contains the region, because an account has one list of dashboards for all regions. */
export function dashboardName({ name }: DeploymentIdentity, region: string): string {
  return `${name}-${region}`;
}

/** The secret with the fields `signing` and `accepted` (key-rotation.ts). Both regions have the same value. */
export function signingKeysSecretName({ name }: DeploymentIdentity): string {
  return `${name}/signing-keys`;
}
