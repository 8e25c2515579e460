import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { functionName, liveAlias } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { parseJson } from '../cli/parse-json.ts';
import { awsAnswer } from './aws-answer.ts';
import type { Deployment } from './deployment.ts';

/** Why the ledger is called. The ledger records it with the revision. */
export type LedgerCause = 'rebuild' | 'reconcile';

export type AskedLedger =
  /** `why` is the ledger's reason when it left the hour to another run. */
  | { readonly kind: 'answered'; readonly why?: string }
  /** `reason` is a few words for people. */
  | { readonly kind: 'failed'; readonly reason: string };

/** The longest run of the ledger, and some seconds more. */
const requestTimeout = (limits.ledger.timeoutSeconds + 15) * 1_000;

/** Lets a region's ledger make one hour final from its log, and waits for it. Calling it twice does no harm. */
export async function askLedger(
  { config, clientOptions }: Deployment,
  region: string,
  hour: string,
  cause: LedgerCause,
): Promise<AskedLedger> {
  const options = clientOptions(region);
  const requestHandler = { ...options.requestHandler, requestTimeout };
  // One attempt: a second one would start another run beside the first.
  const client = new LambdaClient({ ...options, maxAttempts: 1, requestHandler });
  const command = new InvokeCommand({
    FunctionName: functionName(config, 'ledger'),
    Qualifier: liveAlias,
    Payload: Buffer.from(JSON.stringify({ task: 'hours', hours: [hour], cause })),
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
