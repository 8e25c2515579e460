import type { LifecycleRule, PublicAccessBlock } from './bucket-configuration.ts';

/**
 * A region as its CloudFormation template describes it, with every intrinsic function resolved. The local cloud learns
 * nothing else about the app.
 */

export interface RegionTemplate {
  readonly region: string;
  readonly account: string;
  readonly stackName: string;
  readonly functions: readonly FunctionTemplate[];
  readonly queues: readonly QueueTemplate[];
  readonly buckets: readonly BucketTemplate[];
  readonly tables: readonly TableTemplate[];
  readonly topics: readonly TopicTemplate[];
  readonly mappings: readonly MappingTemplate[];
  readonly schedules: readonly ScheduleTemplate[];
  readonly apis: readonly ApiTemplate[];
  readonly loadBalancers: readonly LoadBalancerTemplate[];
  /** Empty when the deployment has no domain. */
  readonly domains: readonly DomainTemplate[];
  readonly healthChecks: readonly HealthCheckTemplate[];
  readonly records: readonly RecordTemplate[];
  readonly outputs: Readonly<Record<string, string>>;
}

export interface FunctionTemplate {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly codeDirectory: string;
  /** For example `index.handler`. */
  readonly handler: string;
  /** For example `nodejs24.x`. The function runs on this machine's Node.js all the same. */
  readonly runtime: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** The grants of the function's role. */
  readonly policy: readonly PolicyStatement[];
  /** Each alias also makes the function invocable as `<name>:<alias>`. */
  readonly aliases: readonly string[];
  readonly reservedConcurrency?: number;
}

export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  /** IAM actions such as `sqs:SendMessage`; `*` and `?` are wildcards. */
  readonly actions: readonly string[];
  /** ARNs; `*` and `?` are wildcards. */
  readonly resources: readonly string[];
}

export interface QueueTemplate {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly receiveWaitSeconds: number;
  readonly delaySeconds: number;
  readonly messageBytesMax: number;
  readonly redrive?: { readonly deadLetterArn: string; readonly receiveCountMax: number };
}

export interface BucketTemplate {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly versioned: boolean;
  /** As in the template, for operators who ask for it. */
  readonly configuration: BucketConfiguration;
}

export interface BucketConfiguration {
  readonly sseAlgorithm: string;
  readonly publicAccessBlock: PublicAccessBlock | undefined;
  readonly lifecycleRules: readonly LifecycleRule[];
}

/** A DynamoDB table, billed by request. */
export interface TableTemplate {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly key: TableKeyTemplate;
  /** Absent = items do not expire. */
  readonly timeToLiveAttribute?: string;
  readonly hasPointInTimeRecovery: boolean;
  readonly isDeletionProtected: boolean;
}

export interface TableKeyTemplate {
  readonly partition: TableKeyAttribute;
  readonly sort?: TableKeyAttribute;
}

export interface TableKeyAttribute {
  readonly name: string;
  readonly type: 'S';
}

/** A standard SNS topic. */
export interface TopicTemplate {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
}

export interface MappingTemplate {
  readonly logicalId: string;
  readonly queueArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly concurrencyMax?: number;
  readonly reportsItemFailures: boolean;
}

export interface ScheduleTemplate {
  readonly logicalId: string;
  readonly functionArn: string;
  readonly intervalSeconds: number;
  /** JSON text that the function gets. */
  readonly input: string;
}

export interface ApiTemplate {
  readonly logicalId: string;
  readonly name: string;
  readonly id: string;
  /** Keys in API Gateway's form: `GET /aff_c`, `ANY /{proxy+}`, `$default`. */
  readonly routes: readonly { readonly key: string; readonly functionArn: string }[];
  /** Absent = only the account's limit for all its APIs applies. */
  readonly throttle?: { readonly requestsPerSecond: number; readonly burst: number };
}

/** An Application Load Balancer for the internet. */
export interface LoadBalancerTemplate {
  readonly logicalId: string;
  /** Records lead to this name, alone or behind `dualstack.`. */
  readonly dnsName: string;
  readonly zoneId: string;
  readonly hasIpv6: boolean;
  /** Whether headers are left out whose names have other characters than letters, digits and hyphens. */
  readonly dropsInvalidHeaders: boolean;
  readonly listeners: readonly ListenerTemplate[];
}

export interface ListenerTemplate {
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  /** The names of the template's certificates. */
  readonly certificateNames: readonly string[];
  readonly targetGroupArn: string;
  readonly functionArn: string;
}

/** A name under which API Gateway serves an API. */
export interface DomainTemplate {
  readonly logicalId: string;
  /** Lower case, without a dot at the end, like all names here. */
  readonly name: string;
  /** API Gateway's own name for the domain. Records lead to it. */
  readonly target: string;
  readonly targetZoneId: string;
  readonly hasIpv6: boolean;
  readonly apiLogicalId: string;
}

export type HealthCheckTemplate = EndpointCheckTemplate | CalculatedCheckTemplate;

export interface EndpointCheckTemplate {
  readonly kind: 'endpoint';
  readonly logicalId: string;
  readonly id: string;
  readonly inverted: boolean;
  readonly domainName: string;
  readonly path: string;
  readonly searchString: string;
  readonly intervalSeconds: number;
  readonly failureThreshold: number;
}

/** Healthy while at least `healthThreshold` of its children are. */
export interface CalculatedCheckTemplate {
  readonly kind: 'calculated';
  readonly logicalId: string;
  readonly id: string;
  readonly inverted: boolean;
  readonly childIds: readonly string[];
  readonly healthThreshold: number;
}

/** An alias record. */
export interface RecordTemplate {
  readonly logicalId: string;
  readonly name: string;
  readonly type: 'A' | 'AAAA';
  /** A domain's `target`, the name of a load balancer, or the name of another record. */
  readonly target: string;
  readonly evaluateTargetHealth: boolean;
  readonly routing:
    | { readonly kind: 'simple' }
    | { readonly kind: 'failover'; readonly role: 'PRIMARY' | 'SECONDARY' }
    | { readonly kind: 'weighted'; readonly weight: number };
  /** Distinguishes records of the same name; absent for a simple record. */
  readonly setIdentifier?: string;
  readonly healthCheckId?: string;
}
