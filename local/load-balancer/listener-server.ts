import type { IncomingMessage } from 'node:http';
import { type Door, type DoorResponse, type DoorSurroundings, readBody, startDoor } from '../front-door/door-server.ts';
import type { InvokeOutcome } from '../lambda-host/function-pool.ts';
import type { Listening } from '../listen.ts';
import type { ListenerTemplate, LoadBalancerTemplate } from '../template/region-template.ts';
import { balancerEvent, forwardedFor } from './balancer-event.ts';
import { balancerErrors, balancerResponse, ownPage } from './balancer-response.ts';

export interface ListenerOptions extends DoorSurroundings {
  readonly balancer: LoadBalancerTemplate;
  /** One of `balancer`. */
  readonly listener: ListenerTemplate;
  readonly invoke: (functionArn: string, payload: string) => Promise<InvokeOutcome>;
}

/**
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html,
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#http-header-limits
 */
const limits = { bodyBytes: 1_048_576, uriBytes: 16_384, headerBytes: 65_536, forwardedAddresses: 30 } as const;

/**
 * A listener of an Application Load Balancer, served without TLS on a port of this machine. Nothing is throttled.
 *
 * The parser of Node.js refuses with 400 an unencoded space and control characters in a target. AWS classifies these as
 * acceptable and ambiguous, and lets both pass in its defensive mode. It also refuses headers above 64 KB, with 431 where
 * AWS says 400: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
 */
export function startListener(options: ListenerOptions): Promise<Listening> {
  const door: Door = {
    headerBytesMax: limits.headerBytes,
    answer: (request) => answerOf(request, options),
    ownAnswer: ownPage,
    badHeader: balancerErrors.badGateway,
  };
  return startDoor(door, options);
}

async function answerOf(request: IncomingMessage, options: ListenerOptions): Promise<DoorResponse | 'client-gone'> {
  const body = await readBody(request, limits.bodyBytes);
  if (body === 'client-gone') return body;
  const refusal = refusalOf(request);
  if (refusal !== undefined) return refusal;
  if (body === 'too-large') return balancerErrors.bodyTooLarge;
  const { balancer, listener, invoke } = options;
  const event = balancerEvent(request, body, {
    ...listener,
    listener,
    dropsInvalidHeaders: balancer.dropsInvalidHeaders,
  });
  const outcome = await invoke(listener.functionArn, JSON.stringify(event));
  // A function that fails or is throttled is a bad gateway too.
  return outcome.kind === 'done' ? balancerResponse(outcome.payload) : balancerErrors.badGateway;
}

/** Requests that never reach a target: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html */
function refusalOf(request: IncomingMessage): DoorResponse | undefined {
  if (request.method === 'TRACE') return balancerErrors.methodNotAllowed;
  // "WebSockets are not supported. Upgrade requests are rejected with an HTTP 400 code."
  if (request.headers.upgrade?.toLowerCase() === 'websocket') return balancerErrors.badRequest;
  if (Buffer.byteLength(request.url ?? '', 'latin1') > limits.uriBytes) return balancerErrors.uriTooLong;
  return forwardedFor(request).length > limits.forwardedAddresses ? balancerErrors.tooManyAddresses : undefined;
}
