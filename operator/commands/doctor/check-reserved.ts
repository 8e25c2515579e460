import { GetFunctionConcurrencyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { functionName } from '../../../core/config/resource-names.ts';
import { type FunctionPart, functionSettings } from '../../../core/config/settings.ts';
import { type AwsAnswer, awsAnswer } from '../../clients/aws-answer.ts';
import type { Deployment } from '../../clients/deployment.ts';
import type { FunctionExpectations } from './expectations.ts';
import { deployAgain, type Finding, mismatch } from './finding.ts';

/** Reserved concurrency by function; undefined for a function that does not exist or has none. */
export type Reserved = ReadonlyMap<string, number | undefined>;

/** A person who stops a function by hand sets its reserved concurrency to 0, and may forget to restore it. */
export function judgeReserved(
  region: string,
  expected: readonly Pick<FunctionExpectations, 'FunctionName' | 'ReservedConcurrentExecutions'>[],
  found: Reserved,
): readonly Finding[] {
  return expected.flatMap(({ FunctionName, ReservedConcurrentExecutions }) =>
    mismatch({
      region,
      what: `function ${FunctionName}: reserved concurrency`,
      expected: String(ReservedConcurrentExecutions ?? 'none'),
      found: String(found.get(FunctionName) ?? 'none'),
      todo: `${deployAgain}, when nobody stopped it on purpose`,
    }),
  );
}

export async function readReserved(
  { config, clientOptions }: Deployment,
  region: string,
): Promise<AwsAnswer<Reserved>> {
  const client = new LambdaClient(clientOptions(region));
  const answer = await awsAnswer(async () => {
    const names = (Object.keys(functionSettings) as FunctionPart[]).map((part) => functionName(config, part));
    return new Map(await Promise.all(names.map(async (name) => [name, await reservedOf(client, name)] as const)));
  });
  client.destroy();
  return answer;
}

async function reservedOf(client: LambdaClient, FunctionName: string): Promise<number | undefined> {
  try {
    return (await client.send(new GetFunctionConcurrencyCommand({ FunctionName }))).ReservedConcurrentExecutions;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
