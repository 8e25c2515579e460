import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Fault } from '../fault/fault.ts';
import type { InvokeOutcome } from '../lambda-host/function-pool.ts';
import { type Listening, listen, type PortUse } from '../listen.ts';
import type { ModelTime } from '../model/time.ts';
import type { ApiTemplate } from '../template/region-template.ts';
import { checkRoutes, findRoute } from './api-route.ts';
import { fateOf } from './front-fault.ts';
import { type GatewayRequest, gatewayEvent, splitTarget } from './gateway-event.ts';
import { type GatewayResponse, gatewayErrors, gatewayResponse, ownAnswer } from './gateway-response.ts';
import { TokenBucket } from './token-bucket.ts';

export interface ApiServerOptions {
  readonly api: ApiTemplate;
  readonly account: string;
  readonly port: PortUse;
  readonly time: ModelTime;
  readonly requestId: () => string;
  readonly invoke: (functionArn: string, payload: string) => Promise<InvokeOutcome>;
  /** The faults that strike this request before it reaches a function. */
  readonly faults: () => readonly Fault[];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const quotas = { integrationMs: 30_000, bodyBytes: 10_485_760, headerBytes: 10_240 } as const;

/** An HTTP API of API Gateway, served on a port of this machine. */
export function startApiServer(options: ApiServerOptions): Promise<Listening> {
  checkRoutes(options.api.routes);
  const gateway = { ...options, letsIn: throttleOf(options) };
  const server = createServer({ maxHeaderSize: quotas.headerBytes }, (request, response) => {
    void meetFate(request, response, gateway);
  });
  return listen(server, options.port);
}

interface Gateway extends ApiServerOptions {
  /** Whether the throttle lets one more request pass now. */
  readonly letsIn: () => boolean;
}

/** Not modelled: the account's limit for all its APIs together. */
function throttleOf({ api: { throttle }, time }: ApiServerOptions): () => boolean {
  if (throttle === undefined) return () => true;
  const { requestsPerSecond: perSecond, burst } = throttle;
  const bucket = new TokenBucket({ perSecond, burst, nowMs: () => time.nowMs() });
  return () => bucket.take();
}

async function meetFate(request: IncomingMessage, response: ServerResponse, options: Gateway): Promise<void> {
  const { delayMs, end } = fateOf(options.faults());
  if (delayMs > 0) await new Promise<void>((resolve) => options.time.after(delayMs, resolve));
  switch (end.kind) {
    case 'answered':
      return serve(request, response, options);
    case 'reply-lost':
      await answerOf(request, options);
      request.socket.resetAndDestroy();
      return;
    case 'refused':
      return send(response, ownAnswer(end.status, end.message));
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'hang':
      return;
  }
}

async function serve(request: IncomingMessage, response: ServerResponse, options: Gateway): Promise<void> {
  const answered = await answerOf(request, options);
  if (answered === 'client-gone') return;
  try {
    send(response, answered);
  } catch {
    // The function set a header that HTTP does not allow.
    send(response, gatewayErrors.functionFailed);
  }
}

async function answerOf(request: IncomingMessage, options: Gateway): Promise<GatewayResponse | 'client-gone'> {
  const isLetIn = options.letsIn();
  const body = await readBody(request);
  if (body === 'client-gone') return body;
  if (!isLetIn) return gatewayErrors.tooManyRequests;
  return body === 'too-large' ? gatewayErrors.bodyTooLarge : await integrate(request, body, options);
}

async function readBody(request: IncomingMessage): Promise<Buffer | 'too-large' | 'client-gone'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += (chunk as Buffer).length;
      if (bytes <= quotas.bodyBytes) chunks.push(chunk as Buffer);
    }
  } catch {
    return 'client-gone';
  }
  return bytes <= quotas.bodyBytes ? Buffer.concat(chunks) : 'too-large';
}

async function integrate(request: IncomingMessage, body: Buffer, options: ApiServerOptions): Promise<GatewayResponse> {
  const received = receivedRequest(request, body);
  const route = findRoute(options.api.routes, received.method, splitTarget(received.target).path);
  if (!route) return gatewayErrors.notFound;
  const event = gatewayEvent(received, {
    account: options.account,
    apiId: options.api.logicalId,
    routeKey: route.key,
    requestId: options.requestId(),
    nowMs: options.time.nowMs(),
  });
  return meaningOf(await inTime(options.invoke(route.functionArn, JSON.stringify(event)), options.time));
}

function receivedRequest(request: IncomingMessage, body: Buffer): GatewayRequest {
  return {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    httpVersion: request.httpVersion,
    headers: request.headers,
    body,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
  };
}

type Integration = InvokeOutcome | { readonly kind: 'timed-out' };

function inTime(invocation: Promise<InvokeOutcome>, time: ModelTime): Promise<Integration> {
  return new Promise((resolve, reject) => {
    const cancel = time.after(quotas.integrationMs, () => resolve({ kind: 'timed-out' }));
    invocation.then(resolve, reject).finally(cancel);
  });
}

function meaningOf(integration: Integration): GatewayResponse {
  switch (integration.kind) {
    case 'done':
      return gatewayResponse(integration.payload);
    case 'failed':
      return gatewayErrors.functionFailed;
    case 'throttled':
    case 'timed-out':
      return gatewayErrors.unavailable;
  }
}

function send(response: ServerResponse, { status, headers, body }: GatewayResponse): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
