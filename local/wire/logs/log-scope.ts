import type { LoggedLine } from '../../lambda-host/function-logs.ts';

export interface LogScope {
  readonly region: string;
  readonly account: string;
  readonly functionNames: readonly string[];
  /** Oldest first. */
  readonly lines: () => readonly LoggedLine[];
}

const groupStart = '/aws/lambda/';

/** Each function writes to its own group. Undefined when no function has this group. */
export function functionOfGroup(logGroupName: string, { functionNames }: LogScope): string | undefined {
  return functionNames.find((name) => logGroupName === `${groupStart}${name}`);
}
