import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  ApplicationLogLevel,
  Architecture,
  type IFunction,
  type IVersion,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { liveAlias } from '../../core/config/resource-names.ts';
import type { FunctionPart } from '../../core/config/settings.ts';
import { limits } from '../../core/limits/limits.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

export interface BundledFunctionProps {
  /** The entry file is lambda/<part>/<part>.lambda.ts. */
  readonly part: FunctionPart;
  readonly functionName: string;
  readonly environment: Record<string, string>;
  /** All that the function may do, besides writing to its own log group. */
  readonly grants: PolicyStatement[];
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** The function's own share of the account's concurrency, and its most. Undefined = whatever is free. */
  readonly reservedConcurrency: number | undefined;
  /** Leaves out the lines that Lambda itself writes for each request: START, END and REPORT. */
  readonly omitsRequestLines?: true;
  /** Absolute path of a file that is put beside the code as catalog.json. */
  readonly catalogFile?: string;
}

/**
 * A function with its bundle, its log group, its role, and an alias to its newest version. The role allows what the
 * props say and nothing else. Requests, messages and schedules reach the function by the alias alone, so that Rollout
 * can send a part of them to a new version first.
 */
export class BundledFunction extends Construct {
  /** The function by its alias. Whatever invokes the function is given this. */
  readonly handler: IFunction;
  readonly alias: Alias;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${props.functionName}`,
      retention: limits.logs.retentionDays,
      // Events that no rung took are here and nowhere else.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const code = new NodejsFunction(this, 'Handler', {
      functionName: props.functionName,
      entry: join(projectRoot, 'lambda', props.part, `${props.part}.lambda.ts`),
      projectRoot,
      depsLockFilePath: join(projectRoot, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMegabytes,
      timeout: Duration.seconds(props.timeoutSeconds),
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      environment: props.environment,
      role: this.role([...props.grants, writesTo(logGroup)]),
      logGroup,
      ...(props.omitsRequestLines && withoutRequestLines),
      bundling: bundlingOf(props.catalogFile),
      // Older versions stay, so that somebody can go back by hand. A version whose deployment was taken back is
      // deleted: otherwise the next attempt with the same code would find that it exists.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
    });
    // The library's own types do not fit each other under exactOptionalPropertyTypes.
    this.alias = new Alias(this, 'Live', { aliasName: liveAlias, version: code.currentVersion as IVersion });
    this.handler = this.alias as IFunction;
  }

  /** Inline policies are in force before the function, or a mapping that needs them, is created. */
  private role(statements: PolicyStatement[]): Role {
    return new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Grants: new PolicyDocument({ statements }) },
    });
  }
}

function writesTo(logGroup: LogGroup): PolicyStatement {
  return new PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
}

/**
 * Only the JSON format has levels. Lines that are JSON already stay as they are. A line without a level counts as INFO,
 * and metrics are such lines.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
const withoutRequestLines = {
  loggingFormat: LoggingFormat.JSON,
  systemLogLevelV2: SystemLogLevel.WARN,
  applicationLogLevelV2: ApplicationLogLevel.INFO,
};

function bundlingOf(catalogFile: string | undefined): BundlingOptions {
  return {
    format: OutputFormat.ESM,
    // The deployed runtime is newer. This target keeps the same bundle runnable on a developer's Node 20.
    target: 'node20',
    // ES modules of a package are a third smaller than its CommonJS build, because unused code falls away.
    mainFields: ['module', 'main'],
    // The SDK that was tested is the SDK that runs.
    bundleAwsSDK: true,
    minify: true,
    // A map would double what a cold start loads. Bundling is repeatable: to read a trace, build again with a map.
    sourceMap: false,
    // Some packages inside call `require`, which ES modules do not have.
    banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    ...(catalogFile && { commandHooks: copiesCatalog(catalogFile) }),
  };
}

/** The asset's hash is taken after bundling, so another catalog is another asset. */
function copiesCatalog(catalogFile: string): NonNullable<BundlingOptions['commandHooks']> {
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_inputDirectory, outputDirectory) => [`cp "${catalogFile}" "${outputDirectory}/catalog.json"`],
  };
}
