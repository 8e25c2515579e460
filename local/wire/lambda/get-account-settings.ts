import type { RestCall } from '../rest-service.ts';
import type { WireRequest } from '../wire-service.ts';
import type { FunctionScope } from './function-scope.ts';

/** The default quotas of an account: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const usual = { concurrency: 1_000, codeBytes: 75 * 2 ** 30 };

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html */
export function getAccountSettings(_request: WireRequest, { functions }: FunctionScope): RestCall {
  const reserved = functions.reduce((sum, { reservedConcurrency = 0 }) => sum + reservedConcurrency, 0);
  const AccountLimit = {
    TotalCodeSize: usual.codeBytes,
    ConcurrentExecutions: usual.concurrency,
    UnreservedConcurrentExecutions: usual.concurrency - reserved,
  };
  return {
    action: 'GetAccountSettings',
    needs: [{ action: 'lambda:GetAccountSettings', resource: '*' }],
    perform: () => ({ output: { AccountLimit, AccountUsage: { FunctionCount: functions.length } } }),
  };
}
