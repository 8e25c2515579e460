import { findInvocable, type Invocable } from './invocable.ts';
import { checkInvocable } from './permissions.ts';
import type { ApiTemplate, FunctionTemplate } from './region-template.ts';
import { apiType, integrationType, routeType, stageType } from './resource-types.ts';
import type { Stack } from './stack.ts';

/** Reads HTTP APIs whose routes lead to functions. */
export function readApis(stack: Stack, functions: readonly FunctionTemplate[]): ApiTemplate[] {
  return stack.all(apiType).map(({ logicalId, properties }) => {
    const apiId = stack.ref(logicalId);
    const stage = stagesOf(stack).find(({ properties }) => properties.ApiId === apiId);
    if (stage === undefined) stack.refuse(logicalId, 'no AWS::ApiGatewayV2::Stage serves it');
    const routes = readRoutes(stack, apiId, functions);
    return { logicalId, name: properties.Name, id: apiId, routes, ...throttleOf(stage?.properties) };
  });
}

type StageProperties = ReturnType<typeof stagesOf>[number]['properties'];

function stagesOf(stack: Stack) {
  return stack.all(stageType);
}

function throttleOf(stage: StageProperties | undefined): Pick<ApiTemplate, 'throttle'> {
  if (stage?.DefaultRouteSettings === undefined) return {};
  const { ThrottlingRateLimit, ThrottlingBurstLimit } = stage.DefaultRouteSettings;
  return { throttle: { requestsPerSecond: ThrottlingRateLimit, burst: ThrottlingBurstLimit } };
}

function readRoutes(stack: Stack, apiId: string, functions: readonly FunctionTemplate[]): ApiTemplate['routes'] {
  const routes = stack.all(routeType).filter(({ properties }) => properties.ApiId === apiId);
  return routes.flatMap(({ logicalId, properties }) => {
    const invocable = findTarget(stack, properties.Target, functions);
    if (invocable === undefined) {
      stack.refuse(logicalId, `Target: no function in the template belongs to ${properties.Target}`);
      return [];
    }
    const source = sourceArn(stack, apiId, properties.RouteKey);
    checkInvocable(stack, logicalId, invocable, 'apigateway.amazonaws.com', source);
    return { key: properties.RouteKey, functionArn: invocable.target.arn };
  });
}

function findTarget(stack: Stack, target: string, functions: readonly FunctionTemplate[]): Invocable | undefined {
  const integration = stack
    .all(integrationType)
    .find(({ logicalId }) => `integrations/${stack.ref(logicalId)}` === target);
  return integration && findInvocable(functions, integration.properties.IntegrationUri);
}

/**
 * `GET /a` becomes `GET/a`:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
function sourceArn(stack: Stack, apiId: string, routeKey: string): string {
  const { region, account } = stack.place;
  return `arn:aws:execute-api:${region}:${account}:${apiId}/$default/${routeKey.replace(' ', '')}`;
}
