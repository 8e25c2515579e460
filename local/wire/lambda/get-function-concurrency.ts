import type { RestCall } from '../rest-service.ts';
import type { WireRequest } from '../wire-service.ts';
import { type FunctionScope, findFunction, functionArn, noSuchFunction } from './function-scope.ts';

/** Without a reservation the answer is empty: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConcurrency.html */
export function getFunctionConcurrency(_request: WireRequest, scope: FunctionScope, name = ''): RestCall {
  const arn = functionArn(name, undefined, scope);
  const found = findFunction(name, undefined, scope);
  return {
    action: 'GetFunctionConcurrency',
    needs: [{ action: 'lambda:GetFunctionConcurrency', resource: arn }],
    perform: () => {
      if (!found) return noSuchFunction(arn);
      const { reservedConcurrency } = found;
      return {
        output: reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency },
      };
    },
  };
}
