import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { functionName, liveAlias } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { parseJson } from '../../core/parse-json.ts';
import { awsAnswer } from './aws-answer.ts';
import type { Deployment } from './deployment.ts';

/** Why a command asks a ledger. The revision keeps the cause. */
export type LedgerCause = 'rebuild' | 'reconcile';

export type AskedLedger =
  /** `why`: the ledger's reason for leaving the hour to another run; absent when it made the hour final. */
  | { readonly kind: 'answered'; readonly why?: string }
  /** `reason` is a few words for people. */
  | { readonly kind: 'failed'; readonly reason: string };

/** The longest run of a ledger, and some seconds more. */
const requestTimeout = (limits.ledger.timeoutSeconds + 15) * 1_000;

/**
 * Asks the ledger of a region to make one hour final anew from the log, and waits until it is done. Asking again while
 * the hour is not done goes on with what the run before has left.
 */
export async function askLedger(
  { config, clientOptions }: Deployment,
  region: string,
  hour: string,
  cause: LedgerCause,
): Promise<AskedLedger> {
  const options = clientOptions(region);
  const requestHandler = { ...options.requestHandler, requestTimeout };
  // One attempt: a second one would begin another run beside the first.
  const client = new LambdaClient({ ...options, maxAttempts: 1, requestHandler });
  const command = new InvokeCommand({
    FunctionName: functionName(config, 'ledger'),
    Qualifier: liveAlias,
    Payload: Buffer.from(JSON.stringify({ task: 'hours', hours: [hour], cause, afresh: true })),
  });
  const answer = await awsAnswer(() => client.send(command));
  client.destroy();
  if (answer.kind === 'failed') return { kind: 'failed', reason: `its ledger: ${answer.reason}` };
  const { FunctionError, Payload } = answer.value;
  const said = parseJson(Buffer.from(Payload ?? new Uint8Array()).toString());
  return FunctionError === undefined
    ? { kind: 'answered', ...whyIn(said, hour) }
    : { kind: 'failed', reason: `its ledger failed: ${messageIn(said)}` };
}

function messageIn(said: unknown): string {
  const { errorMessage } = (said ?? {}) as { readonly errorMessage?: unknown };
  return typeof errorMessage === 'string' ? errorMessage : 'it gives no reason';
}

const report = z.object({ hours: z.array(z.object({ hour: z.string(), why: z.string().optional() })) });

function whyIn(said: unknown, hour: string): { readonly why?: string } {
  const { data } = report.safeParse(said);
  const why = data?.hours.find((one) => one.hour === hour)?.why;
  return why === undefined ? {} : { why };
}
