import type { z } from 'zod';
import {
  actionNamed,
  firstProblem,
  type JsonOutcome,
  jsonResponse,
  noSuchRegion,
  notModelled,
  parseJsonBody,
  type WireError,
} from './json-protocol.ts';
import type { WireCall, WireRequest, WireResponse, WireService } from './wire-service.ts';

/**
 * Services that speak AWS JSON. The header `x-amz-target` names the action. Parameters and answers are JSON, and times
 * are seconds since the epoch.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 *
 * An action or a parameter that is not modelled is refused, never ignored.
 */

/** `Scope` is the state of the service in the region of the request. */
export interface JsonAction<Scope> {
  read(input: unknown, scope: Scope): JsonCall;
}

interface JsonCall {
  /** The IAM action and the ARN that the caller needs. */
  readonly permission: string;
  readonly resource: string;
  perform(): JsonOutcome;
}

export interface JsonServiceOptions<Scope> {
  readonly name: WireService['name'];
  /** The prefix of the action in the header, with its dot. */
  readonly target: string;
  readonly actions: Readonly<Record<string, JsonAction<Scope>>>;
  /** Undefined for a region that the local cloud does not have. */
  readonly scopeOf: (region: string) => Scope | undefined;
  readonly requestId: () => string;
}

export function createJsonService<Scope>(options: JsonServiceOptions<Scope>): WireService {
  return {
    name: options.name,
    read(request) {
      const name = actionNamed(request, options.target);
      const requestId = options.requestId();
      const { resource, permission, perform } = callOf(name, request, options);
      return {
        action: name || 'Unknown',
        needs: permission === '' ? [] : [{ action: permission, resource }],
        perform: () => answerOf(perform(), requestId),
        refuse: (status, type, message) => answerOf({ error: { status, type, message } }, requestId),
      } satisfies WireCall;
    },
  };
}

function callOf<Scope>(name: string, request: WireRequest, options: JsonServiceOptions<Scope>): JsonCall {
  const action = Object.hasOwn(options.actions, name) ? options.actions[name] : undefined;
  if (!action) return refused(notModelled(`${options.name}:${name}`));
  const scope = options.scopeOf(request.region);
  if (!scope) return refused(noSuchRegion(request.region));
  return action.read(parseJsonBody(request.body), scope);
}

function refused(error: WireError): JsonCall {
  return { permission: '', resource: '', perform: () => ({ error }) };
}

/** Parameters that do not fit `schema` give a ValidationException with the first problem. */
export function jsonAction<Input, Scope>(
  permission: string,
  schema: z.ZodType<Input>,
  resource: (input: Input, scope: Scope) => string,
  perform: (input: Input, scope: Scope) => JsonOutcome,
): JsonAction<Scope> {
  return {
    read(input, scope) {
      const parsed = schema.safeParse(input);
      if (parsed.success) {
        const { data } = parsed;
        return { permission, resource: resource(data, scope), perform: () => perform(data, scope) };
      }
      const error = { type: 'ValidationException', message: firstProblem(parsed.error) };
      return { permission, resource: '*', perform: () => ({ error }) };
    },
  };
}

function answerOf(outcome: JsonOutcome, requestId: string): WireResponse {
  if ('output' in outcome) return jsonResponse('1.1', 200, { 'x-amzn-requestid': requestId }, outcome.output);
  const { status = 400, type, message } = outcome.error;
  const headers = { 'x-amzn-requestid': requestId, 'x-amzn-errortype': type };
  return jsonResponse('1.1', status, headers, { __type: type, message });
}
