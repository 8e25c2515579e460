import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { liveAlias } from '../../core/config/resource-names.ts';
import { type AwsAnswer, awsAnswer } from './aws-answer.ts';
import type { Deployment } from './deployment.ts';

/** The configuration of the version that the function's alias names. */
export interface FunctionConfiguration {
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** A hash of the code. Empty in the local cloud. */
  readonly codeHash: string;
  /** Holds the signing keys too: compare it, and never print it. */
  readonly environment: Readonly<Record<string, string>>;
}

export async function readFunctionConfiguration(
  { clientOptions }: Deployment,
  region: string,
  functionName: string,
): Promise<AwsAnswer<FunctionConfiguration>> {
  const client = new LambdaClient(clientOptions(region));
  const command = new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier: liveAlias });
  const answer = await awsAnswer(() => client.send(command));
  client.destroy();
  if (answer.kind === 'failed') return answer;
  const { Runtime, Timeout, MemorySize, CodeSha256, Environment } = answer.value;
  const value = {
    runtime: Runtime ?? '',
    timeoutSeconds: Timeout ?? 0,
    memoryMegabytes: MemorySize ?? 0,
    codeHash: CodeSha256 ?? '',
    environment: Environment?.Variables ?? {},
  };
  return { kind: 'ok', value };
}
