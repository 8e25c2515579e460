import type { z } from 'zod';
import type { WireRequest, WireResponse } from './wire-service.ts';

/** Shared by the services that answer in JSON, both in AWS's JSON protocol and in REST. */

export interface WireError {
  /** The shape's name, such as `ResourceNotFoundException`. */
  readonly type: string;
  readonly message: string;
  /** HTTP status; absent = 400. */
  readonly status?: number;
}

export type JsonOutcome = { readonly output: object } | { readonly error: WireError };

/** The action that the header `x-amz-target` names after `target`; empty without such a header. */
export function actionNamed({ headers }: WireRequest, target: string): string {
  const named = headers['x-amz-target'] ?? '';
  return named.startsWith(target) ? named.slice(target.length) : named;
}

/** `version` is a part of the content type. */
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

/** An empty body means no parameters. Undefined when the body is not JSON. */
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

export function firstProblem({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join('.') || 'the request'}: ${issue?.message} (or the local cloud does not model it)`;
}
