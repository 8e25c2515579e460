import type { FunctionScope } from './lambda/function-scope.ts';
import { getAccountSettings } from './lambda/get-account-settings.ts';
import { getFunctionConcurrency } from './lambda/get-function-concurrency.ts';
import { getFunctionConfiguration } from './lambda/get-function-configuration.ts';
import { invoke } from './lambda/invoke.ts';
import { createRestService, type RestRoute } from './rest-service.ts';
import type { WireService } from './wire-service.ts';

const routes: readonly RestRoute<FunctionScope>[] = [
  { method: 'GET', path: /^\/2015-03-31\/functions\/([\w-]+)\/configuration$/, read: getFunctionConfiguration },
  { method: 'GET', path: /^\/2019-09-30\/functions\/([\w-]+)\/concurrency$/, read: getFunctionConcurrency },
  { method: 'GET', path: /^\/2016-08-19\/account-settings\/?$/, read: getAccountSettings },
  { method: 'POST', path: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/, read: invoke },
];

/**
 * Lambda's calls for operators: questions about functions, and the invocation of one. Functions come from templates.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
 */
export function createLambdaService(
  scopeOf: (region: string) => FunctionScope | undefined,
  requestId: () => string,
): WireService {
  return createRestService({ name: 'lambda', routes, scopeOf, requestId });
}
