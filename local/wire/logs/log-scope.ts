import type { LoggedLine } from '../../lambda-host/function-logs.ts';

/** What CloudWatch Logs holds in one region. */
export interface LogScope {
  readonly region: string;
  readonly account: string;
  readonly functionNames: readonly string[];
  /** Oldest first. */
  readonly lines: () => readonly LoggedLine[];
}

const groupStart = '/aws/lambda/';

/** Each function writes to a group of its own; undefined when the name is of none. */
export function functionOfGroup(logGroupName: string, { functionNames }: LogScope): string | undefined {
  return functionNames.find((name) => logGroupName === `${groupStart}${name}`);
}
