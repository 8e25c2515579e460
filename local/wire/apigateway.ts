import type { ApiTemplate } from '../template/region-template.ts';
import type { WireCall, WireRequest, WireResponse, WireService } from './wire-service.ts';

/** What API Gateway serves in one region. */
export interface ApiScope {
  readonly region: string;
  readonly apis: readonly ApiTemplate[];
}

type ApiAnswer =
  | { readonly output: object }
  | { readonly status: number; readonly type: string; readonly message: string };

/**
 * What API Gateway tells about the HTTP APIs of each region and their stages, in its REST protocol. APIs come from
 * templates: what would change one is refused.
 * https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/api-reference.html
 */
export function createApiGatewayService(
  scopeOf: (region: string) => ApiScope | undefined,
  requestId: () => string,
): WireService {
  return {
    name: 'apigateway',
    read(request) {
      const id = requestId();
      const { action, path, perform } = callOf(request, scopeOf(request.region));
      const resource = `arn:aws:apigateway:${request.region}::${path}`;
      return {
        action,
        needs: [{ action: 'apigateway:GET', resource }],
        perform: () => answerOf(perform(), id),
        refuse: (status, type, message) => answerOf({ status, type, message }, id),
      } satisfies WireCall;
    },
  };
}

interface ApiCall {
  readonly action: string;
  readonly path: string;
  perform(): ApiAnswer;
}

function callOf(request: WireRequest, scope: ApiScope | undefined): ApiCall {
  const path = decodeURIComponent(request.path).replace(/^\/v2/, '');
  if (!scope)
    return refused(path, 400, 'UnrecognizedClientException', `The local cloud has no region ${request.region}.`);
  if (request.method === 'GET' && path === '/apis') return { action: 'GetApis', path, perform: () => apisOf(scope) };
  const [, apiId, stageName] = /^\/apis\/([\w-]+)\/stages\/([^/]+)$/.exec(path) ?? [];
  if (request.method === 'GET' && apiId !== undefined) {
    return { action: 'GetStage', path, perform: () => stageOf(scope, apiId, stageName) };
  }
  const message = `The local cloud does not model ${request.method} ${request.path}.`;
  return refused(path, 400, 'UnknownOperationException', message);
}

function refused(path: string, status: number, type: string, message: string): ApiCall {
  return { action: 'Unknown', path, perform: () => ({ status, type, message }) };
}

/** One page holds all: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html */
function apisOf({ apis }: ApiScope): ApiAnswer {
  return { output: { items: apis.map(({ id, name }) => ({ apiId: id, name, protocolType: 'HTTP' })) } };
}

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename.html */
function stageOf({ apis }: ApiScope, apiId: string, stageName = ''): ApiAnswer {
  const api = apis.find(({ id }) => id === apiId);
  if (!api || stageName !== '$default') {
    return { status: 404, type: 'NotFoundException', message: `Unable to find Stage ${stageName} of ${apiId}` };
  }
  const { throttle } = api;
  const defaultRouteSettings = throttle && {
    throttlingRateLimit: throttle.requestsPerSecond,
    throttlingBurstLimit: throttle.burst,
  };
  return { output: { stageName, autoDeploy: true, ...(defaultRouteSettings && { defaultRouteSettings }) } };
}

function answerOf(answer: ApiAnswer, requestId: string): WireResponse {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
  if ('output' in answer) return { status: 200, headers, body: JSON.stringify(answer.output) };
  const { status, type, message } = answer;
  return { status, headers: { ...headers, 'x-amzn-errortype': type }, body: JSON.stringify({ message }) };
}
