/** The caller: a function of the deployment, or an operator. An operator uses any credentials and may do everything. */
export type Caller = FunctionCaller | { readonly kind: 'operator' };

export interface FunctionCaller {
  readonly kind: 'function';
  readonly region: string;
  readonly functionName: string;
  /** The number of the function's environment. */
  readonly environmentNumber: number;
}

/** The Lambda host gives each environment the access key `LOCAL.<region>.<function>.<environment>`. */
export function callerOf(accessKey: string): Caller {
  const match = /^LOCAL\.([^.]+)\.([^.]+)(?:\.(\d+))?$/.exec(accessKey);
  const [, region, functionName, environmentNumber = '0'] = match ?? [];
  if (region === undefined || functionName === undefined) return { kind: 'operator' };
  return { kind: 'function', region, functionName, environmentNumber: Number(environmentNumber) };
}

export function callerName(caller: Caller): string {
  return caller.kind === 'function' ? caller.functionName : 'operator';
}
