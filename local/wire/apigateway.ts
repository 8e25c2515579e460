import type { ApiTemplate } from '../template/region-template.ts';
import { createRestService, type RestCall, type RestOutcome, type RestRoute } from './rest-service.ts';
import type { WireRequest, WireService } from './wire-service.ts';

export interface ApiScope {
  readonly region: string;
  readonly apis: readonly ApiTemplate[];
}

const routes: readonly RestRoute<ApiScope>[] = [
  { method: 'GET', path: /^\/v2\/apis$/, read: getApis },
  { method: 'GET', path: /^\/v2\/apis\/([\w-]+)\/stages\/([^/]+)$/, read: getStage },
];

/**
 * API Gateway's calls about the HTTP APIs of each region and their stages. Only operators make them. APIs come from
 * templates.
 * https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/api-reference.html
 */
export function createApiGatewayService(
  scopeOf: (region: string) => ApiScope | undefined,
  requestId: () => string,
): WireService {
  return createRestService({ name: 'apigateway', routes, scopeOf, requestId });
}

/** One page holds all: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html */
function getApis(request: WireRequest, { apis }: ApiScope): RestCall {
  const items = apis.map(({ id, name }) => ({ apiId: id, name, protocolType: 'HTTP' }));
  return { action: 'GetApis', needs: needsOf(request), perform: () => ({ output: { items } }) };
}

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename.html */
function getStage(request: WireRequest, scope: ApiScope, apiId = '', stageName = ''): RestCall {
  return { action: 'GetStage', needs: needsOf(request), perform: () => stageOf(scope, apiId, stageName) };
}

function stageOf({ apis }: ApiScope, apiId: string, stageName: string): RestOutcome {
  const api = apis.find(({ id }) => id === apiId);
  if (!api || stageName !== '$default') {
    const message = `Unable to find Stage ${stageName} of ${apiId}`;
    return { error: { status: 404, type: 'NotFoundException', message } };
  }
  const { throttle } = api;
  const defaultRouteSettings = throttle && {
    throttlingRateLimit: throttle.requestsPerSecond,
    throttlingBurstLimit: throttle.burst,
  };
  return { output: { stageName, autoDeploy: true, ...(defaultRouteSettings && { defaultRouteSettings }) } };
}

function needsOf({ region, path }: WireRequest): RestCall['needs'] {
  const resource = `arn:aws:apigateway:${region}::${decodeURIComponent(path).replace(/^\/v2/, '')}`;
  return [{ action: 'apigateway:GET', resource }];
}
