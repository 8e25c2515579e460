import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type AwsAnswer, awsAnswer } from '../../clients/aws-answer.ts';
import type { Deployment } from '../../clients/deployment.ts';

/** The answer to the first request to a region. */
export interface Reached {
  /** The clock of AWS when it answered; undefined without a readable date. */
  readonly theirsMs: number | undefined;
  /** Concurrent executions that the account may have. */
  readonly concurrency: number;
  /** The part of it that no function has reserved. */
  readonly unreserved: number;
}

export async function reach({ clientOptions }: Deployment, region: string): Promise<AwsAnswer<Reached>> {
  const client = new LambdaClient(clientOptions(region));
  let date = '';
  client.middlewareStack.add(
    (next) => async (sent) => {
      const result = await next(sent);
      date = (result.response as { readonly headers?: Readonly<Record<string, string>> }).headers?.['date'] ?? '';
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  const answer = await awsAnswer(() => client.send(new GetAccountSettingsCommand({})));
  client.destroy();
  if (answer.kind === 'failed') return answer;
  const theirsMs = Date.parse(date);
  const { ConcurrentExecutions: concurrency = 0, UnreservedConcurrentExecutions: unreserved = 0 } =
    answer.value.AccountLimit ?? {};
  return { kind: 'ok', value: { theirsMs: Number.isNaN(theirsMs) ? undefined : theirsMs, concurrency, unreserved } };
}
