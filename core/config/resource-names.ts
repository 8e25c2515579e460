/**
 * Physical names. A region's functions reach into the other region, and no stack may wait for the other, so what
 * crosses the border is named here and not by CloudFormation.
 */

export interface DeploymentIdentity {
  /** Lower case, from the deploy config; prefixes every name. */
  readonly name: string;
  /** 12 digits. */
  readonly account: string;
}

export interface DeploymentStacks extends DeploymentIdentity {
  /** In front of the region; undefined = made of the name. */
  readonly stackPrefix?: string | undefined;
}

/** The deployment that keeps the stack names of the first releases, which did not carry a deployment's name. */
const firstName = 'keeptrack';
const firstStackPrefix = 'Keeptrack';

/**
 * Two deployments in one account must never share a stack: the second would replace the queues, the bucket and the
 * functions of the first. `stackPrefix` is for a deployment that the first releases made under another name.
 */
export function stackName({ name, stackPrefix }: DeploymentStacks, region: string): string {
  const prefix = stackPrefix ?? (name === firstName ? firstStackPrefix : `${firstStackPrefix}-${name}`);
  return `${prefix}-${region}`;
}

/** What the first releases called the stack of a region, whatever the deployment's name. */
export function firstStackName(region: string): string {
  return `${firstStackPrefix}-${region}`;
}

/** The stack's output that names the log bucket, and so the deployment: it is in the stacks of every release. */
export const logBucketOutput = 'LogBucketName';

/** S3 names are global, so this one carries account and region. */
export function logBucketName({ name, account }: DeploymentIdentity, region: string): string {
  return `${name}-log-${account}-${region}`;
}

export function intakeQueueName({ name }: DeploymentIdentity): string {
  return `${name}-intake`;
}

/**
 * The failure queue for segments that the bucket of `owedRegion` is still owed. Each region has one for either bucket,
 * so that a dead bucket's debts never stand in front of a living one's (docs/decisions/0002).
 */
export function failureQueueName({ name }: DeploymentIdentity, owedRegion: string): string {
  return `${name}-failure-${owedRegion}`;
}

/** Notifications of segments that came to the home log, for `stats`. */
export function statsQueueName({ name }: DeploymentIdentity): string {
  return `${name}-stats`;
}

/** Pointers to segments of the home log that are not yet counted. */
export function statsFailureQueueName({ name }: DeploymentIdentity): string {
  return `${name}-stats-failure`;
}

/** What can never be stored, each message with the reason; also what SQS gives up on after 1,000 receives. */
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

export function functionName(
  { name }: DeploymentIdentity,
  part: 'track' | 'store' | 'replay' | 'stats' | 'ledger',
): string {
  return `${name}-${part}`;
}

/** Each region has a table of this name, which its own functions alone use. */
export function figuresTableName({ name }: DeploymentIdentity): string {
  return `${name}-figures`;
}

export function tableArn({ account }: DeploymentIdentity, region: string, tableName: string): string {
  return `arn:aws:dynamodb:${region}:${account}:table/${tableName}`;
}

/** In Athena: names of databases and tables have no hyphens, and a region's catalog is one for the account. */
export function queryDatabaseName({ name }: DeploymentIdentity): string {
  return name.replaceAll('-', '_');
}

export const queryTableName = 'events';

export function workGroupName({ name }: DeploymentIdentity): string {
  return name;
}

/** The alias of every function by which it is invoked; it leads to the version that is deployed. */
export const liveAlias = 'live';

/** In CodeDeploy: an application for the region, in it a deployment group for each function, by the function's name. */
export function deploymentApplicationName({ name }: DeploymentIdentity): string {
  return name;
}

/** Two deployments in one account and region must not count, nor raise alarms, for each other. */
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

/** A region's own name, which its peer's health checks and people ask; `record` is the name that both regions share. */
export function regionalName(record: string, region: string): string {
  return `${region}.${record}`;
}

/** Where Route 53 asks how a region is (the name of the region in question follows `drained`), and for which words it looks. */
export const healthPaths = { capture: '/health', drained: '/drained/' } as const;
export const healthWords = { capture: 'keeptrack-ok', drained: 'keeptrack-drained' } as const;

/** Dashboards are one list for all regions of an account. */
export function dashboardName({ name }: DeploymentIdentity, region: string): string {
  return `${name}-${region}`;
}

/** Keys `signing` and `accepted`, see settings.ts; the same value in both regions. */
export function signingKeysSecretName({ name }: DeploymentIdentity): string {
  return `${name}/signing-keys`;
}
