import { isAllowed } from '../endpoint/policy.ts';
import { aliasType } from './deploy-types.ts';
import type { FunctionTemplate, PolicyStatement } from './region-template.ts';
import { functionType, logGroupType } from './resource-types.ts';
import { findRole, roleStatements } from './roles.ts';
import type { Stack } from './stack.ts';

/** Returns the folder of an asset by its key in the bootstrap bucket; undefined when there is none. */
export type AssetDirectory = (objectKey: string) => string | undefined;

type FunctionProperties = ReturnType<typeof functionsOf>[number]['properties'];

export function readFunctions(stack: Stack, assetDirectory: AssetDirectory): FunctionTemplate[] {
  return functionsOf(stack).map(({ logicalId, properties }) => {
    const policy = roleStatements(stack, properties.Role);
    checkTrust(stack, logicalId, properties.Role);
    checkLogs(stack, logicalId, properties, policy);
    checkEnvironment(stack, logicalId, properties.Environment.Variables);
    return {
      logicalId,
      name: properties.FunctionName,
      arn: stack.arn(logicalId),
      codeDirectory: codeDirectory(stack, logicalId, assetDirectory(properties.Code.S3Key)),
      handler: properties.Handler,
      runtime: properties.Runtime,
      environment: properties.Environment.Variables,
      memoryMegabytes: properties.MemorySize,
      timeoutSeconds: properties.Timeout,
      policy,
      aliases: aliasesOf(stack, properties.FunctionName),
      ...(properties.ReservedConcurrentExecutions !== undefined && {
        reservedConcurrency: properties.ReservedConcurrentExecutions,
      }),
    };
  });
}

function aliasesOf(stack: Stack, functionName: string): string[] {
  const aliases = stack.all(aliasType).filter(({ properties }) => properties.FunctionName === functionName);
  return aliases.map(({ properties }) => properties.Name);
}

function functionsOf(stack: Stack) {
  return stack.all(functionType);
}

function codeDirectory(stack: Stack, logicalId: string, directory: string | undefined): string {
  if (directory !== undefined) return directory;
  stack.refuse(logicalId, 'Code: the assembly has no such asset');
  return '';
}

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html */
function checkTrust(stack: Stack, logicalId: string, roleArn: string): void {
  const role = findRole(stack, roleArn);
  const trusted = role?.properties.AssumeRolePolicyDocument.Statement.flatMap(({ Principal }) => Principal.Service);
  if (trusted === undefined) stack.refuse(logicalId, `Role: ${roleArn} is not in the template`);
  else if (!trusted.includes('lambda.amazonaws.com')) stack.refuse(logicalId, 'Role: Lambda may not assume it');
}

/**
 * Without these permissions Lambda silently drops the function's log. Events that only the log holds would be lost.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
 */
function checkLogs(
  stack: Stack,
  logicalId: string,
  { LoggingConfig, FunctionName }: FunctionProperties,
  policy: readonly PolicyStatement[],
): void {
  const name = LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`;
  if (!stack.all(logGroupType).some(({ properties }) => properties.LogGroupName === name)) {
    stack.refuse(logicalId, `LoggingConfig: the log group ${name} is not in the template`);
  }
  const { region, account } = stack.place;
  const stream = `arn:aws:logs:${region}:${account}:log-group:${name}:log-stream:any`;
  for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents']) {
    if (!isAllowed(policy, action, stream)) stack.refuse(logicalId, `Role: does not allow ${action} on ${name}`);
  }
}

/** All variables together may have 4 KB: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
function checkEnvironment(stack: Stack, logicalId: string, variables: Readonly<Record<string, string>>): void {
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  if (bytes > 4_096) stack.refuse(logicalId, `Environment: ${bytes} bytes of variables, and Lambda takes 4,096`);
}
