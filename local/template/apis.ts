import { findFunction } from './functions.ts';
import { checkInvocable } from './permissions.ts';
import type { ApiTemplate, FunctionTemplate } from './region-template.ts';
import { apiType, integrationType, routeType, stageType } from './resource-types.ts';
import type { Stack } from './stack.ts';

/** HTTP APIs whose routes lead to functions. */
export function readApis(stack: Stack, functions: readonly FunctionTemplate[]): ApiTemplate[] {
  return stack.all(apiType).map(({ logicalId }) => {
    const apiId = stack.ref(logicalId);
    if (!stack.all(stageType).some(({ properties }) => properties.ApiId === apiId)) {
      stack.refuse(logicalId, 'no AWS::ApiGatewayV2::Stage serves it');
    }
    return { logicalId, routes: readRoutes(stack, apiId, functions) };
  });
}

function readRoutes(stack: Stack, apiId: string, functions: readonly FunctionTemplate[]): ApiTemplate['routes'] {
  const routes = stack.all(routeType).filter(({ properties }) => properties.ApiId === apiId);
  return routes.flatMap(({ logicalId, properties }) => {
    const target = findTarget(stack, properties.Target, functions);
    if (target === undefined) {
      stack.refuse(logicalId, `Target: ${properties.Target} leads to no function in the template`);
      return [];
    }
    checkInvocable(stack, logicalId, target, 'apigateway.amazonaws.com', sourceArn(stack, apiId, properties.RouteKey));
    return { key: properties.RouteKey, functionArn: target.arn };
  });
}

function findTarget(
  stack: Stack,
  target: string,
  functions: readonly FunctionTemplate[],
): FunctionTemplate | undefined {
  const integration = stack
    .all(integrationType)
    .find(({ logicalId }) => `integrations/${stack.ref(logicalId)}` === target);
  return integration && findFunction(functions, integration.properties.IntegrationUri);
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html: `GET /a` becomes `GET/a`. */
function sourceArn(stack: Stack, apiId: string, routeKey: string): string {
  const { region, account } = stack.place;
  return `arn:aws:execute-api:${region}:${account}:${apiId}/$default/${routeKey.replace(' ', '')}`;
}
