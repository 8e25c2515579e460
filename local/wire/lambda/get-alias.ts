import type { WireRequest } from '../wire-service.ts';
import { type FunctionScope, findFunction, functionArn, noSuchFunction } from './function-scope.ts';
import type { LambdaCall } from './lambda-call.ts';

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetAlias.html */
export function getAlias(_request: WireRequest, scope: FunctionScope, name = '', alias = ''): LambdaCall {
  const resource = functionArn(name, alias, scope);
  const isThere = findFunction(name, alias, scope)?.aliases.includes(alias) ?? false;
  return {
    action: 'GetAlias',
    needs: [{ action: 'lambda:GetAlias', resource: functionArn(name, undefined, scope) }],
    perform: () =>
      isThere ? { output: { AliasArn: resource, Name: alias, FunctionVersion: '1' } } : noSuchFunction(resource),
  };
}
