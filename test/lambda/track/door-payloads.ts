/** One request as each front door hands it to a function, after the pages of AWS that the doors cite. */

export interface Sent {
  /** Path and query as in the request line. */
  readonly target: string;
  readonly method?: string;
  /** Names in lower case; a list for a header that is sent several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly clientAddress?: string;
  readonly isOverHttp?: boolean;
}

/** Format 2.0. Repeated headers are joined by commas. */
export function httpApiPayload(sent: Sent): Record<string, unknown> {
  const { method = 'GET', headers = {}, clientAddress = '203.0.113.9', body, isBase64Encoded = false } = sent;
  const { path, query } = split(sent.target);
  const forwarded = [headers['x-forwarded-for'] ?? []].flat();
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: decodeURIComponent(path),
    rawQueryString: query,
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, [values].flat().join()])),
      'x-forwarded-for': [...forwarded, clientAddress].join(', '),
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    requestContext: { http: { method, path, protocol: 'HTTP/1.1', sourceIp: clientAddress } },
    ...(body !== undefined && { body }),
    isBase64Encoded,
  };
}

/** Multi-value mode: parameters are grouped by name and not decoded. */
export function loadBalancerPayload(sent: Sent): Record<string, unknown> {
  const { method = 'GET', headers = {}, clientAddress = '203.0.113.9', body = '', isBase64Encoded = false } = sent;
  const { path, query } = split(sent.target);
  const forwarded = [headers['x-forwarded-for'] ?? []].flat();
  return {
    requestContext: {
      elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/track/6d0ecf831eec9f09' },
    },
    httpMethod: method,
    path,
    multiValueQueryStringParameters: grouped(query),
    multiValueHeaders: {
      ...Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, [values].flat()])),
      'x-forwarded-for': [[...forwarded, clientAddress].join(', ')],
      'x-forwarded-port': [sent.isOverHttp ? '80' : '443'],
      'x-forwarded-proto': [sent.isOverHttp ? 'http' : 'https'],
    },
    body,
    isBase64Encoded,
  };
}

function split(target: string): { readonly path: string; readonly query: string } {
  const [path = '', ...query] = target.split('?');
  return { path, query: query.join('?') };
}

/** AWS says nothing of pairs without a name or without `=`; this is the plainest reading. */
function grouped(query: string): Record<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const pair of query === '' ? [] : query.split('&')) {
    const [name = '', ...value] = pair.split('=');
    groups.set(name, [...(groups.get(name) ?? []), value.join('=')]);
  }
  return Object.fromEntries(groups);
}
