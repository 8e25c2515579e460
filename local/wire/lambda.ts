import type { FunctionScope } from './lambda/function-scope.ts';
import { getAccountSettings } from './lambda/get-account-settings.ts';
import { getAlias } from './lambda/get-alias.ts';
import { getFunctionConcurrency } from './lambda/get-function-concurrency.ts';
import { getFunctionConfiguration } from './lambda/get-function-configuration.ts';
import { invoke } from './lambda/invoke.ts';
import type { LambdaCall, LambdaOutcome } from './lambda/lambda-call.ts';
import type { WireRequest, WireResponse, WireService } from './wire-service.ts';

/**
 * What Lambda tells about functions and how operators invoke one, in its REST protocol. Functions come from templates:
 * what would change one is refused.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
 */
export function createLambdaService(
  scopeOf: (region: string) => FunctionScope | undefined,
  requestId: () => string,
): WireService {
  return {
    name: 'lambda',
    read(request) {
      const id = requestId();
      const { action, needs, perform } = callOf(request, scopeOf(request.region));
      return {
        action,
        needs,
        perform: async () => answerOf(await perform(), id),
        refuse: (status, type, message) => answerOf({ error: { status, type, message } }, id),
      };
    },
  };
}

const routes: readonly {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly read: (request: WireRequest, scope: FunctionScope, ...names: string[]) => LambdaCall;
}[] = [
  { method: 'GET', path: /^\/2015-03-31\/functions\/([\w-]+)\/configuration$/, read: getFunctionConfiguration },
  { method: 'GET', path: /^\/2015-03-31\/functions\/([\w-]+)\/aliases\/([\w-]+)$/, read: getAlias },
  { method: 'GET', path: /^\/2019-09-30\/functions\/([\w-]+)\/concurrency$/, read: getFunctionConcurrency },
  { method: 'GET', path: /^\/2016-08-19\/account-settings\/?$/, read: getAccountSettings },
  { method: 'POST', path: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/, read: invoke },
];

function callOf(request: WireRequest, scope: FunctionScope | undefined): LambdaCall {
  if (!scope) return refused('UnrecognizedClientException', `The local cloud has no region ${request.region}.`);
  for (const { method, path, read } of routes) {
    const match = method === request.method ? path.exec(request.path) : undefined;
    if (match) return read(request, scope, ...match.slice(1));
  }
  return refused('UnknownOperationException', `The local cloud does not model ${request.method} ${request.path}.`);
}

function refused(type: string, message: string): LambdaCall {
  return { action: 'Unknown', needs: [], perform: () => ({ error: { status: 400, type, message } }) };
}

function answerOf(outcome: LambdaOutcome, requestId: string): WireResponse {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
  if ('reply' in outcome) return { ...outcome.reply, headers: { ...headers, ...outcome.reply.headers } };
  if ('output' in outcome) return { status: 200, headers, body: JSON.stringify(outcome.output) };
  const { status, type, message } = outcome.error;
  const Type = status < 500 ? 'User' : 'Service';
  return {
    status,
    headers: { ...headers, 'x-amzn-errortype': type },
    body: JSON.stringify({ Type, Message: message }),
  };
}
