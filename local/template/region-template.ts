/**
 * A region as its CloudFormation template says it is, with every intrinsic function resolved. The local cloud runs
 * from this and from nothing else about the app.
 */

export interface RegionTemplate {
  readonly region: string;
  readonly account: string;
  readonly stackName: string;
  readonly functions: readonly FunctionTemplate[];
  readonly queues: readonly QueueTemplate[];
  readonly buckets: readonly BucketTemplate[];
  readonly mappings: readonly MappingTemplate[];
  readonly schedules: readonly ScheduleTemplate[];
  readonly apis: readonly ApiTemplate[];
  readonly outputs: Readonly<Record<string, string>>;
}

export interface FunctionTemplate {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** Folder of the bundle. */
  readonly codeDirectory: string;
  /** For example `index.handler`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** What the function's role may do. */
  readonly policy: readonly PolicyStatement[];
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
  /** JSON text handed to the function. */
  readonly input: string;
}

export interface ApiTemplate {
  readonly logicalId: string;
  /** As API Gateway writes them: `GET /aff_c`, `ANY /{proxy+}`, `$default`. */
  readonly routes: readonly { readonly key: string; readonly functionArn: string }[];
}
