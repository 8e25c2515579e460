import { limits } from '../../core/limits/limits.ts';
import type { Clock } from '../../core/ports.ts';
import type { PostbackFailure, PostbackOutcome, PostbackRequest, SendPostback } from '../../core/postbacks/outcome.ts';
import { retryAfterSeconds } from '../../core/postbacks/retry-after.ts';
import {
  isRedirect,
  keepsMethod,
  redirectTarget,
  type SendTarget,
  sendTargetOf,
} from '../../core/postbacks/send-target.ts';
import { callWithin } from '../aws/service-call.ts';
import { AttemptEnd, type Network, realNetwork } from './open-checked.ts';
import {
  type PartnerAnswer,
  type PartnerConnections,
  type PartnerRequest,
  partnerConnections,
} from './partner-connections.ts';

/**
 * Sends postbacks to partners' servers, whose URLs are written by strangers. Each connection goes to a public address
 * that was checked, also after a redirect. A request carries no cookie and no credentials. Time, redirects and the part
 * of the answer that is read are bounded.
 */
export interface PostbackSender {
  readonly send: SendPostback;
  /** Closes the idle connections. */
  close(): void;
}

interface SenderParts {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly network?: Network;
  /** Certificates of authorities that are trusted instead of those of Node.js. */
  readonly authorities?: readonly string[];
}

export function openSender({ clock, network = realNetwork(), authorities }: SenderParts): PostbackSender {
  const connections = partnerConnections(network, authorities);
  return {
    async send(request, budgetMs) {
      const startMs = clock.nowMs();
      const result = await callWithin(budgetMs, (stop) => attempt(request, connections, stop));
      const ms = clock.nowMs() - startMs;
      if (result.kind === 'failed') return { kind: 'failed', why: 'timeout', ms };
      const { value } = result;
      if (value.kind !== 'answered') return { ...value, ms };
      await value.answer.ended;
      return outcomeOf(value.answer, ms, clock.nowMs());
    },
    close: () => connections.close(),
  };
}

type Ended = AttemptEnd['end'] | { readonly kind: 'answered'; readonly answer: PartnerAnswer };

async function attempt(request: PostbackRequest, connections: PartnerConnections, stop: AbortSignal): Promise<Ended> {
  const { url, body = '' } = request;
  if (url.length + body.length > limits.sending.urlCharactersMax) return { kind: 'refused', why: 'url-too-long' };
  const target = sendTargetOf(url);
  if (target === undefined) return { kind: 'refused', why: 'bad-url' };
  try {
    return await askAndFollow(partnerRequest(target, request), connections, stop);
  } catch (error) {
    return endOfError(error);
  }
}

async function askAndFollow(first: PartnerRequest, connections: PartnerConnections, stop: AbortSignal): Promise<Ended> {
  let request = first;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await connections.exchange(request, stop);
    const { status, location } = answer;
    if (!isRedirect(status, location)) return { kind: 'answered', answer };
    await answer.ended;
    if (redirects === limits.sending.redirectsMax) return { kind: 'refused', why: 'too-many-redirects' };
    const target = redirectTarget(request.target, location);
    if (target === undefined) return { kind: 'refused', why: 'bad-redirect' };
    request = keepsMethod(status) ? { ...request, target } : asGet(request, target);
  }
}

function partnerRequest(target: SendTarget, { method, body, idempotencyId }: PostbackRequest): PartnerRequest {
  const headers = { 'User-Agent': userAgent, Accept: '*/*', 'Idempotency-Key': idempotencyId };
  if (method === 'GET') return { target, method, headers };
  return { target, method, headers: { ...headers, 'Content-Type': formType }, body: body ?? '' };
}

function asGet({ headers }: PartnerRequest, target: SendTarget): PartnerRequest {
  const { 'Content-Type': _form, ...rest } = headers;
  return { target, method: 'GET', headers: rest };
}

const userAgent = 'Keeptrack-Postbacks/1';
const formType = 'application/x-www-form-urlencoded';

function outcomeOf({ status, retryAfter }: PartnerAnswer, ms: number, nowMs: number): PostbackOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', status, ms };
  const seconds = retryAfterSeconds(retryAfter, nowMs);
  return { kind: 'failed', why: 'status', status, ...(seconds !== undefined && { retryAfterSeconds: seconds }), ms };
}

function endOfError(error: unknown): AttemptEnd['end'] {
  if (error instanceof AttemptEnd) return error.end;
  const { code = '' } = error as NodeJS.ErrnoException;
  // Node.js refuses to write what no request line or header may hold.
  if (code === 'ERR_UNESCAPED_CHARACTERS' || code === 'ERR_INVALID_CHAR') return { kind: 'refused', why: 'bad-url' };
  return { kind: 'failed', why: failureOf(code) };
}

/** By OpenSSL's codes for certificates (https://nodejs.org/api/tls.html#x509-certificate-error-codes) and by Node.js's own. */
function failureOf(code: string): PostbackFailure {
  if (/^(HPE_|ERR_HTTP)/.test(code)) return 'bad-answer';
  const isTls =
    /^(ERR_SSL_|ERR_TLS_|EPROTO$|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERROR_IN_CERT_|HOSTNAME_|INVALID_)/;
  return isTls.test(code) ? 'tls-failed' : 'connection-lost';
}
