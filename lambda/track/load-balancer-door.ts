import { STATUS_CODES } from 'node:http';
import type { Reply } from '../../core/tracking/decision.ts';
import { type GroupedParameters, queryOfGroups } from '../../core/tracking/input/grouped-query.ts';
import { recordIn, textIn } from './payload-parts.ts';
import type { ReceivedRequest } from './received-request.ts';
import { safeHeaders } from './safe-headers.ts';

/**
 * The payload of an Application Load Balancer, in both directions. Its target group is in multi-value mode: otherwise the
 * payload would only have the last of repeated parameters.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export const loadBalancerDoor = { receive, result };

export interface LoadBalancerResult {
  readonly statusCode: number;
  readonly statusDescription: string;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

export function isLoadBalancerPayload(payload: unknown): boolean {
  const { requestContext } = (payload ?? {}) as { requestContext?: { elb?: unknown } };
  return typeof requestContext?.elb === 'object';
}

function receive(payload: unknown): ReceivedRequest {
  const { httpMethod, path, multiValueHeaders, multiValueQueryStringParameters, ...rest } = recordIn(payload);
  const headers = new Map(
    Object.entries(recordIn(multiValueHeaders)).map(([name, values]) => [name.toLowerCase(), textsIn(values).join()]),
  );
  const header = (name: string) => headers.get(name) ?? '';
  return {
    method: textIn(httpMethod),
    path: decodedPath(textIn(path)),
    rawQuery: queryOfGroups(groupsIn(multiValueQueryStringParameters)),
    header,
    body: textIn(rest['body']),
    isBase64Encoded: rest['isBase64Encoded'] === true,
    clientAddress: lastOf(header('x-forwarded-for')),
    isOverHttp: lastOf(header('x-forwarded-proto')) === 'http',
  };
}

function groupsIn(parameters: unknown): GroupedParameters {
  const groups = Object.entries(recordIn(parameters ?? {}));
  return Object.fromEntries(groups.map(([name, values]) => [name, textsIn(values)]));
}

function textsIn(values: unknown): readonly string[] {
  return Array.isArray(values) ? values.map(textIn) : [];
}

/** The path is as sent here. API Gateway hands on the decoded one, and links must mean the same at both. */
function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * The entry that the load balancer appended. Those before it came with the request, so anybody can forge them.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
function lastOf(values: string): string {
  return values.slice(values.lastIndexOf(',') + 1).trim();
}

function result({ status, headers, body, base64 }: Reply): LoadBalancerResult {
  return {
    statusCode: status,
    statusDescription: `${status} ${STATUS_CODES[status] ?? ''}`,
    multiValueHeaders: Object.fromEntries(safeHeaders(headers).map(([name, value]) => [name, [value]])),
    body,
    isBase64Encoded: base64 === true,
  };
}
