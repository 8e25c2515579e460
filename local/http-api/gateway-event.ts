import type { IncomingHttpHeaders } from 'node:http';

export interface GatewayRequest {
  readonly method: string;
  /** Path and query as the client sent them. */
  readonly target: string;
  readonly httpVersion: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly sourceIp: string;
}

/** The values that API Gateway adds to a request. */
export interface GatewayContext {
  readonly account: string;
  readonly apiId: string;
  readonly routeKey: string;
  readonly requestId: string;
  readonly nowMs: number;
}

/**
 * The event that an HTTP API passes to a function, in payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 *
 * Not modelled: stage variables, path parameters, authorizers, client certificates, the trace id header.
 */
export function gatewayEvent(request: GatewayRequest, context: GatewayContext): object {
  const { path, query } = splitTarget(request.target);
  const { cookie, ...headers } = request.headers;
  const parameters = queryParameters(query);
  return {
    version: '2.0',
    routeKey: context.routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; */) }),
    headers: joinedHeaders(headers, request.sourceIp),
    ...(query === '' ? {} : { queryStringParameters: parameters }),
    requestContext: requestContext(request, path, context),
    ...bodyFields(request),
  };
}

/** Returns the path decoded, and the query as the client sent it. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const at = target.indexOf('?');
  if (at < 0) return { path: decodePath(target), query: '' };
  return { path: decodePath(target.slice(0, at)), query: target.slice(at + 1) };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function queryParameters(query: string): Record<string, string> {
  const search = new URLSearchParams(query);
  return Object.fromEntries([...search.keys()].map((name) => [name, search.getAll(name).join(',')]));
}

function joinedHeaders(headers: IncomingHttpHeaders, sourceIp: string): Record<string, string> {
  const forwarded = headers['x-forwarded-for'];
  const all: IncomingHttpHeaders = {
    ...headers,
    'x-forwarded-for': forwarded === undefined ? sourceIp : `${String(forwarded)}, ${sourceIp}`,
    'x-forwarded-proto': 'https',
    'x-forwarded-port': '443',
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : (value ?? '')]),
  );
}

function requestContext(request: GatewayRequest, path: string, context: GatewayContext): object {
  const domainName = request.headers.host ?? '';
  return {
    accountId: context.account,
    apiId: context.apiId,
    domainName,
    domainPrefix: domainName.split('.')[0],
    http: {
      method: request.method,
      path,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: request.sourceIp,
      userAgent: request.headers['user-agent'] ?? '',
    },
    requestId: context.requestId,
    routeKey: context.routeKey,
    stage: '$default',
    time: logTime(context.nowMs),
    timeEpoch: context.nowMs,
  };
}

/** For example `12/Mar/2020:19:03:58 +0000`. */
function logTime(nowMs: number): string {
  const [, day, month, year, time] = new Date(nowMs).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

const textTypes = /^(text\/|application\/(json|javascript|xml)\b)/;

/** Only types that are certainly text are passed as text. A posted form is passed as base64. */
function bodyFields({ body, headers }: GatewayRequest): object {
  if (body.length === 0) return { isBase64Encoded: false };
  if (textTypes.test(headers['content-type'] ?? '')) return { body: body.toString(), isBase64Encoded: false };
  return { body: body.toString('base64'), isBase64Encoded: true };
}
