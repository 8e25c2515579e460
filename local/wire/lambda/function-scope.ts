import type { InvokeOutcome } from '../../lambda-host/function-pool.ts';
import type { FunctionTemplate } from '../../template/region-template.ts';
import type { RestOutcome } from '../rest-service.ts';

export interface FunctionScope {
  readonly region: string;
  readonly account: string;
  readonly functions: readonly FunctionTemplate[];
  /** `payload` is JSON text. */
  invoke(functionArn: string, payload: string): Promise<InvokeOutcome>;
}

/**
 * Finds a function by its name, with or without an alias. Not modelled: version numbers. Each function has one version,
 * the one that runs.
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

/** IAM checks this ARN even when there is no such function. */
export function functionArn(name: string, qualifier: string | undefined, { region, account }: FunctionScope): string {
  const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
  return qualifier === undefined || qualifier === '$LATEST' ? arn : `${arn}:${qualifier}`;
}

export function noSuchFunction(arn: string): RestOutcome {
  return { error: { status: 404, type: 'ResourceNotFoundException', message: `Function not found: ${arn}` } };
}
