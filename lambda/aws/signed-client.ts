import aws4 from 'aws4';
import type { Answer, Clock, Fetched } from '../../core/ports.ts';
import { type HttpReply, type HttpRequest, keptConnections, type OpenCall } from './kept-connections.ts';
import { CallFailure, endedWithin } from './service-call.ts';

/**
 * Calls to AWS that are signed here and not by the SDK: `track` makes one for each click, and the SDK costs several
 * times as much CPU (docs/decisions/0018).
 */
export interface SignedClient {
  /** Ends within `budgetMs`. A reply with a status of 300 or more is a failure. Never throws. */
  fetch(request: HttpRequest, budgetMs: number): Promise<Fetched<HttpReply>>;
  /** The same for calls whose answer is all that matters. A success that `isProof` does not accept is no answer. */
  ask(request: HttpRequest, budgetMs: number, isProof?: (reply: HttpReply) => boolean): Promise<Answer>;
}

export interface SignedEndpoint {
  readonly service: 'sqs' | 's3' | 'sns';
  readonly region: string;
  readonly url: URL;
  /** More bytes of a reply are not read. The call then has no answer. */
  readonly replyBytesMax: number;
  /** The code of a refusal, as the SDK names it; undefined when the reply has none. */
  readonly codeOf: (reply: HttpReply) => string | undefined;
}

export interface SigningParts {
  /** Read at each signing: the credentials may change while the environment lives. */
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export function signedClient(endpoint: SignedEndpoint, { environment, clock }: SigningParts): SignedClient {
  const { service, region, url, replyBytesMax, codeOf } = endpoint;
  const exchange = keptConnections(url, replyBytesMax);
  /** How far AWS's clock is ahead of the clock here. */
  let aheadMs = 0;

  const send = (request: HttpRequest, signedForMs: number, call: OpenCall) => {
    const headers = { ...request.headers, Host: url.host, 'X-Amz-Date': amzDate(signedForMs) };
    const { method, path, body } = request;
    const toSign = { method, path, headers, host: url.hostname, service, region, body: body as string | Buffer };
    const { headers: signed } = aws4.sign(toSign, credentialsIn(environment));
    return exchange({ method, path, headers: signed as HttpRequest['headers'], body }, call);
  };

  /**
   * A call that was signed for a wrong time is signed once more, for the time that AWS says. Later calls keep that time
   * only when it served: otherwise one wrong date would end all calls of the environment.
   */
  const sendInTime = async (request: HttpRequest, call: OpenCall) => {
    const signedForMs = clock.nowMs() + aheadMs;
    const reply = await send(request, signedForMs, call);
    if (reply.status < 300 || !signatureRefusals.has(codeOf(reply))) return succeeded(reply);
    const theirMs = Date.parse(reply.headers.date ?? '');
    if (!(Math.abs(theirMs - signedForMs) > skewMs)) return succeeded(reply);
    const theirsAheadMs = theirMs - clock.nowMs();
    aheadMs = 0;
    const second = await send(request, theirMs, call);
    if (second.status < 300) aheadMs = theirsAheadMs;
    return succeeded(second);
  };

  const succeeded = (reply: HttpReply): HttpReply => {
    if (reply.status < 300) return reply;
    throw new CallFailure({ status: reply.status, code: codeOf(reply) ?? 'Unknown' });
  };

  const fetch: SignedClient['fetch'] = (request, budgetMs) => {
    const call: OpenCall = { isOver: false, close: () => {} };
    return endedWithin(
      budgetMs,
      () => sendInTime(request, call),
      () => {
        call.isOver = true;
        call.close();
      },
    );
  };

  return {
    fetch,
    async ask(request, budgetMs, isProof = () => true) {
      const result = await fetch(request, budgetMs);
      if (result.kind === 'failed') return result.answer;
      return isProof(result.value) ? { status: result.value.status, code: '' } : unproven;
    },
  };
}

/** A 2xx that AWS would not write may come from anybody on the way. */
const unproven: Answer = { status: 0, code: 'UnprovenReply' };

/** `https://<host>`, or the stand-in for AWS that the environment names. */
export function awsUrl(
  host: string,
  environment: NodeJS.ProcessEnv,
): { readonly url: URL; readonly isStandIn: boolean } {
  const standIn = environment['AWS_ENDPOINT_URL'];
  return { url: new URL(standIn || `https://${host}`), isStandIn: Boolean(standIn) };
}

/**
 * What AWS answers to a signature of another time. The SDK has the same list:
 * https://github.com/smithy-lang/smithy-typescript/blob/main/packages/core/src/submodules/retry/service-error-classification/constants.ts
 */
const signatureRefusals: ReadonlySet<string | undefined> = new Set([
  'RequestTimeTooSkewed',
  'RequestExpired',
  'RequestInTheFuture',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'AuthFailure',
]);

/** AWS allows at least five minutes. A smaller difference is not the reason of a refusal. */
const skewMs = 60_000;

let dated = { second: Number.NaN, text: '' };

/** `20261123T053211Z`. The text of the last second is kept, because many calls share a second. */
function amzDate(timeMs: number): string {
  const second = Math.floor(timeMs / 1_000);
  if (second !== dated.second) {
    dated = { second, text: new Date(timeMs).toISOString().replace(/[:-]|\.\d{3}/g, '') };
  }
  return dated.text;
}

function credentialsIn(environment: NodeJS.ProcessEnv) {
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = environment['AWS_SESSION_TOKEN'];
  if (!accessKeyId || !secretAccessKey) throw new CallFailure({ status: 0, code: 'CredentialsProviderError' });
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}
