import type { FunctionTemplate } from '../../template/region-template.ts';
import type { RestCall } from '../rest-service.ts';
import type { WireRequest } from '../wire-service.ts';
import { type FunctionScope, findFunction, functionArn, noSuchFunction } from './function-scope.ts';

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html */
export function getFunctionConfiguration({ query }: WireRequest, scope: FunctionScope, name = ''): RestCall {
  const qualifier = query.get('Qualifier') ?? undefined;
  const found = findFunction(name, qualifier, scope);
  const resource = functionArn(name, qualifier, scope);
  return {
    action: 'GetFunctionConfiguration',
    needs: [{ action: 'lambda:GetFunctionConfiguration', resource }],
    perform: () => (found ? { output: describe(found, resource) } : noSuchFunction(resource)),
  };
}

function describe(found: FunctionTemplate, arn: string) {
  return {
    FunctionName: found.name,
    FunctionArn: arn,
    Runtime: found.runtime,
    Handler: found.handler,
    Timeout: found.timeoutSeconds,
    MemorySize: found.memoryMegabytes,
    Environment: { Variables: found.environment },
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Version: '$LATEST',
  };
}
