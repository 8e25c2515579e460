import type { InvokeOutcome } from '../../lambda-host/function-pool.ts';
import type { FunctionTemplate } from '../../template/region-template.ts';
import type { RestOutcome } from '../rest-service.ts';

/** What Lambda holds in one region. */
export interface FunctionScope {
  readonly region: string;
  readonly account: string;
  readonly functions: readonly FunctionTemplate[];
  /** `payload` is JSON text. */
  invoke(functionArn: string, payload: string): Promise<InvokeOutcome>;
}

/**
 * A function as it is or as one of its aliases, by its name. Numbers of versions are not modelled: there is one version
 * of each function, the one that runs.
 */
export function findFunction(
  name: string,
  qualifier: string | undefined,
  { functions }: FunctionScope,
): FunctionTemplate | undefined {
  const found = functions.find((one) => one.name === name);
  const isThere = qualifier === undefined || qualifier === '$LATEST' || found?.aliases.includes(qualifier);
  return isThere ? found : undefined;
}

/** What IAM is asked about, also when there is no such function. */
export function functionArn(name: string, qualifier: string | undefined, { region, account }: FunctionScope): string {
  const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
  return qualifier === undefined || qualifier === '$LATEST' ? arn : `${arn}:${qualifier}`;
}

export function noSuchFunction(arn: string): RestOutcome {
  return { error: { status: 404, type: 'ResourceNotFoundException', message: `Function not found: ${arn}` } };
}
