import type { FunctionLogLine } from '../handle.ts';
import { embeddedMetrics } from './embedded-metrics.ts';

export interface LoggedLine extends FunctionLogLine {
  /** The number of the line among all lines of the region, from 1. */
  readonly number: number;
  readonly atMs: number;
}

export interface FunctionLogs {
  /** Adds text that a function wrote: one line or several. */
  add(functionName: string, text: string): void;
  /** Oldest first. */
  lines(): readonly LoggedLine[];
  /** Counters: the sum since the start. Gauges: the last value. */
  metrics(): Readonly<Record<string, number>>;
}

const linesMax = 100_000;

/** One region's logs, with the metrics that CloudWatch would read from them. */
export function createFunctionLogs(nowMs: () => number): FunctionLogs {
  let kept: LoggedLine[] = [];
  let added = 0;
  const figures = new Map<string, number>();

  function addLine(functionName: string, line: string): void {
    added += 1;
    kept.push({ functionName, line, number: added, atMs: nowMs() });
    // Rarely cut, because each cut copies all lines that stay.
    if (kept.length >= linesMax * 1.1) kept = kept.slice(-linesMax);
    for (const { key, value, adds } of embeddedMetrics(line)) {
      figures.set(key, adds ? (figures.get(key) ?? 0) + value : value);
    }
  }

  return {
    add(functionName, text) {
      for (const line of text.split('\n')) if (line !== '') addLine(functionName, line);
    },
    lines: () => kept.slice(-linesMax),
    metrics: () => Object.fromEntries(figures),
  };
}
