import type { IncomingMessage } from 'node:http';
import { type Door, type DoorResponse, type DoorSurroundings, readBody, startDoor } from '../front-door/door-server.ts';
import type { InvokeOutcome } from '../lambda-host/function-pool.ts';
import type { Listening } from '../listen.ts';
import type { ModelTime } from '../model/time.ts';
import type { ApiTemplate } from '../template/region-template.ts';
import { checkRoutes, findRoute } from './api-route.ts';
import { type GatewayRequest, gatewayEvent, splitTarget } from './gateway-event.ts';
import { gatewayErrors, gatewayResponse, ownAnswer } from './gateway-response.ts';
import { TokenBucket } from './token-bucket.ts';

export interface ApiServerOptions extends DoorSurroundings {
  readonly api: ApiTemplate;
  readonly account: string;
  readonly requestId: () => string;
  readonly invoke: (functionArn: string, payload: string) => Promise<InvokeOutcome>;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const quotas = { integrationMs: 30_000, bodyBytes: 10_485_760, headerBytes: 10_240 } as const;

/** An HTTP API of API Gateway, served on a port of this machine. */
export function startApiServer(options: ApiServerOptions): Promise<Listening> {
  checkRoutes(options.api.routes);
  const letsIn = throttleOf(options);
  const door: Door = {
    headerBytesMax: quotas.headerBytes,
    answer: (request) => answerOf(request, letsIn(), options),
    ownAnswer,
    badHeader: gatewayErrors.functionFailed,
  };
  return startDoor(door, options);
}

/** Not modelled: the account's limit for all its APIs together. */
function throttleOf({ api: { throttle }, time }: ApiServerOptions): () => boolean {
  if (throttle === undefined) return () => true;
  const { requestsPerSecond: perSecond, burst } = throttle;
  const bucket = new TokenBucket({ perSecond, burst, nowMs: () => time.nowMs() });
  return () => bucket.take();
}

async function answerOf(
  request: IncomingMessage,
  isLetIn: boolean,
  options: ApiServerOptions,
): Promise<DoorResponse | 'client-gone'> {
  const body = await readBody(request, quotas.bodyBytes);
  if (body === 'client-gone') return body;
  if (!isLetIn) return gatewayErrors.tooManyRequests;
  return body === 'too-large' ? gatewayErrors.bodyTooLarge : await integrate(request, body, options);
}

async function integrate(request: IncomingMessage, body: Buffer, options: ApiServerOptions): Promise<DoorResponse> {
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

function meaningOf(integration: Integration): DoorResponse {
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
