import type { z } from 'zod';
import type { WireRequest, WireResponse } from './wire-service.ts';

/** What the services share that answer in JSON, whether their calls are in AWS's JSON protocol or in REST. */

export interface WireError {
  /** The shape's name, such as `ResourceNotFoundException`. */
  readonly type: string;
  readonly message: string;
  /** HTTP status; absent = 400. */
  readonly status?: number;
}

export type JsonOutcome = { readonly output: object } | { readonly error: WireError };

/** The action that the header `x-amz-target` names after `target`; empty when there is no such header. */
export function actionNamed({ headers }: WireRequest, target: string): string {
  const named = headers['x-amz-target'] ?? '';
  return named.startsWith(target) ? named.slice(target.length) : named;
}

/** `version` stands in the content type. */
export function jsonResponse(
  version: '1.0' | '1.1',
  status: number,
  headers: Readonly<Record<string, string>>,
  body: object,
): WireResponse {
  return {
    status,
    headers: { 'content-type': `application/x-amz-json-${version}`, ...headers },
    body: JSON.stringify(body),
  };
}

/** An empty body has no parameters; undefined for what is no JSON. */
export function parseJsonBody(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

export function noSuchRegion(region: string): WireError {
  return { type: 'UnrecognizedClientException', message: `The local cloud has no region ${region}.` };
}

export function notModelled(call: string): WireError {
  return { type: 'UnknownOperationException', message: `The local cloud does not model ${call}.` };
}

/** The first problem of parameters that do not fit. */
export function firstProblem({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join('.') || 'the request'}: ${issue?.message} (or the local cloud does not model it)`;
}
