import type { FunctionLogLine } from '../handle.ts';
import { embeddedMetrics } from './embedded-metrics.ts';

export interface FunctionLogs {
  /** What a function wrote at one go: one line or several. */
  add(functionName: string, text: string): void;
  /** Oldest first. */
  lines(): readonly FunctionLogLine[];
  /** Sums since the start. */
  metrics(): Readonly<Record<string, number>>;
}

const linesMax = 100_000;

/** One region's logs, and the metrics that CloudWatch would read out of them. */
export function createFunctionLogs(): FunctionLogs {
  let kept: FunctionLogLine[] = [];
  const sums = new Map<string, number>();

  function addLine(functionName: string, line: string): void {
    kept.push({ functionName, line });
    // Cut seldom, since cutting copies everything that stays.
    if (kept.length >= linesMax * 1.1) kept = kept.slice(-linesMax);
    for (const { key, value } of embeddedMetrics(line)) sums.set(key, (sums.get(key) ?? 0) + value);
  }

  return {
    add(functionName, text) {
      for (const line of text.split('\n')) if (line !== '') addLine(functionName, line);
    },
    lines: () => kept.slice(-linesMax),
    metrics: () => Object.fromEntries(sums),
  };
}
