import type { FunctionScope } from './lambda/function-scope.ts';
import { getAccountSettings } from './lambda/get-account-settings.ts';
import { getAlias } from './lambda/get-alias.ts';
import { getFunctionConfiguration } from './lambda/get-function-configuration.ts';
import type { LambdaCall, LambdaOutcome } from './lambda/lambda-call.ts';
import type { WireRequest, WireResponse, WireService } from './wire-service.ts';

/**
 * What Lambda tells about functions, in its REST protocol. Functions come from templates and are invoked by what the
 * templates connect with them: everything else is refused.
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
        perform: () => answerOf(perform(), id),
        refuse: (status, type, message) => answerOf({ error: { status, type, message } }, id),
      };
    },
  };
}

const routes: readonly {
  readonly path: RegExp;
  readonly read: (request: WireRequest, scope: FunctionScope, ...names: string[]) => LambdaCall;
}[] = [
  { path: /^\/2015-03-31\/functions\/([\w-]+)\/configuration$/, read: getFunctionConfiguration },
  { path: /^\/2015-03-31\/functions\/([\w-]+)\/aliases\/([\w-]+)$/, read: getAlias },
  { path: /^\/2016-08-19\/account-settings\/?$/, read: getAccountSettings },
];

function callOf(request: WireRequest, scope: FunctionScope | undefined): LambdaCall {
  if (!scope) return refused('UnrecognizedClientException', `The local cloud has no region ${request.region}.`);
  for (const { path, read } of request.method === 'GET' ? routes : []) {
    const match = path.exec(request.path);
    if (match) return read(request, scope, ...match.slice(1));
  }
  return refused('UnknownOperationException', `The local cloud does not model ${request.method} ${request.path}.`);
}

function refused(type: string, message: string): LambdaCall {
  return { action: 'Unknown', needs: [], perform: () => ({ error: { status: 400, type, message } }) };
}

function answerOf(outcome: LambdaOutcome, requestId: string): WireResponse {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
  if ('output' in outcome) return { status: 200, headers, body: JSON.stringify(outcome.output) };
  const { status, type, message } = outcome.error;
  const Type = status < 500 ? 'User' : 'Service';
  return {
    status,
    headers: { ...headers, 'x-amzn-errortype': type },
    body: JSON.stringify({ Type, Message: message }),
  };
}
