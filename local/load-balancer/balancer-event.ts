import type { IncomingMessage } from 'node:http';

export interface BalancerContext {
  readonly targetGroupArn: string;
  readonly listener: { readonly port: number; readonly protocol: 'HTTP' | 'HTTPS' };
  /** Whether headers are left out whose names have other characters than letters, digits and hyphens. */
  readonly dropsInvalidHeaders: boolean;
}

/**
 * The event that a load balancer passes to a function whose target group is in multi-value mode.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 *
 * AWS says nothing of pairs without a name or without `=`. Here they are an empty name and an empty value. Not modelled:
 * the trace id header.
 */
export function balancerEvent(request: IncomingMessage, body: Buffer, context: BalancerContext): object {
  const { path, query } = splitTarget(request.url ?? '/');
  return {
    requestContext: { elb: { targetGroupArn: context.targetGroupArn } },
    httpMethod: request.method ?? 'GET',
    path,
    multiValueQueryStringParameters: groupedByName(query),
    multiValueHeaders: headersOf(request, context),
    ...bodyFields(request, body),
  };
}

/** Both as the client sent them. */
function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const at = target.indexOf('?');
  return at < 0 ? { path: target, query: '' } : { path: target.slice(0, at), query: target.slice(at + 1) };
}

/** "If the query parameters are URL-encoded, the load balancer does not decode them." */
function groupedByName(query: string): Record<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const pair of query === '' ? [] : query.split('&')) {
    const equals = pair.indexOf('=');
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    groups.set(name, [...(groups.get(name) ?? []), value]);
  }
  return Object.fromEntries(groups);
}

/**
 * The load balancer appends the client's address, and replaces what the client says of protocol and port:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
function headersOf(request: IncomingMessage, context: BalancerContext): Record<string, readonly string[]> {
  const { headersDistinct, socket } = request;
  const names = Object.entries(headersDistinct).filter(
    ([name]) => !context.dropsInvalidHeaders || /^[a-z0-9-]+$/.test(name),
  );
  return {
    ...Object.fromEntries(names.map(([name, values]) => [name, values ?? []])),
    'x-forwarded-for': [[...forwardedFor(request), socket.remoteAddress ?? '127.0.0.1'].join(', ')],
    'x-forwarded-port': [`${context.listener.port}`],
    'x-forwarded-proto': [context.listener.protocol.toLowerCase()],
  };
}

/** The addresses in the header that the client sent. */
export function forwardedFor({ headersDistinct }: IncomingMessage): readonly string[] {
  return (headersDistinct['x-forwarded-for'] ?? []).flatMap((line) => line.split(',')).map((entry) => entry.trim());
}

const textTypes = /^(text\/|application\/(json|javascript|xml)\b)/i;

/** Text types are passed as text, unless the client encoded the body. A posted form is passed as base64. */
function bodyFields({ headers }: IncomingMessage, body: Buffer): object {
  const isText = headers['content-encoding'] === undefined && textTypes.test(headers['content-type'] ?? '');
  if (isText || body.length === 0) return { body: body.toString(), isBase64Encoded: false };
  return { body: body.toString('base64'), isBase64Encoded: true };
}
