import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Architecture, type IFunction, type IVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { liveAlias } from '../../core/config/resource-names.ts';
import type { FunctionPart } from '../../core/config/settings.ts';
import { limits } from '../../core/limits/limits.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

export interface BundledFunctionProps {
  /** Names the entry file, lambda/<part>/<part>.lambda.ts. */
  readonly part: FunctionPart;
  readonly functionName: string;
  readonly environment: Record<string, string>;
  /** All that it may do, but for writing to its own log group. */
  readonly grants: PolicyStatement[];
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** Its own share of the account's concurrency, and its most; undefined = whatever is free. */
  readonly reservedConcurrency: number | undefined;
  /** Absolute path of a file to be put beside the code as catalog.json. */
  readonly catalogFile?: string;
}

/**
 * A function with its bundle, its log group, a role that may do what the props say and nothing else, and an alias that
 * leads to its newest version. Requests, messages and schedules reach it by the alias alone, so that Rollout can send a
 * part of them to a new version first.
 */
export class BundledFunction extends Construct {
  /** The function by its alias: whatever invokes it is given this. */
  readonly handler: IFunction;
  readonly alias: Alias;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${props.functionName}`,
      retention: limits.logs.retentionDays,
      // Events that no rung took stand here and nowhere else.
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
      bundling: bundlingOf(props.catalogFile),
      // Older versions stay, to go back to by hand. One whose deployment was taken back does not: the next attempt with
      // the same code would find that it exists already.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
    });
    // The library's own types do not fit each other under exactOptionalPropertyTypes.
    this.alias = new Alias(this, 'Live', { aliasName: liveAlias, version: code.currentVersion as IVersion });
    this.handler = this.alias as IFunction;
  }

  /** Policies are inline, so that they are in force before the function, or a mapping that needs them, is created. */
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

function bundlingOf(catalogFile: string | undefined): BundlingOptions {
  return {
    format: OutputFormat.ESM,
    // The deployed runtime is newer; this keeps the very same bundle runnable on a developer's Node 20.
    target: 'node20',
    // Prefers the ES modules of a package: a third smaller than its CommonJS build, because unused code falls away.
    mainFields: ['module', 'main'],
    // The SDK that was tested is the SDK that runs.
    bundleAwsSDK: true,
    minify: true,
    // A map would double what a cold start has to load. Bundling is repeatable: build again with a map to read a trace.
    sourceMap: false,
    // Some packages inside call `require`, which ES modules do not have.
    banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    ...(catalogFile && { commandHooks: copiesCatalog(catalogFile) }),
  };
}

/** The asset's hash is taken from the folder after bundling, so another catalog is another asset. */
function copiesCatalog(catalogFile: string): NonNullable<BundlingOptions['commandHooks']> {
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_inputDirectory, outputDirectory) => [`cp "${catalogFile}" "${outputDirectory}/catalog.json"`],
  };
}
