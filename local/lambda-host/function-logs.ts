import type { FunctionLogLine } from '../handle.ts';
import { embeddedMetrics } from './embedded-metrics.ts';

/** A line as CloudWatch Logs keeps it. */
export interface LoggedLine extends FunctionLogLine {
  /** Counts the lines of the region, from 1. */
  readonly number: number;
  readonly atMs: number;
}

export interface FunctionLogs {
  /** What a function wrote at one go: one line or several. */
  add(functionName: string, text: string): void;
  /** Oldest first. */
  lines(): readonly LoggedLine[];
  /** Counts summed up since the start; of a gauge, what it showed last. */
  metrics(): Readonly<Record<string, number>>;
  /** When a metric of that name was last given, with whatever dimensions; undefined while none was. */
  lastGivenAtMs(metricName: string): number | undefined;
}

const linesMax = 100_000;

/** One region's logs, and the metrics that CloudWatch would read out of them. */
export function createFunctionLogs(nowMs: () => number): FunctionLogs {
  let kept: LoggedLine[] = [];
  let added = 0;
  const figures = new Map<string, number>();
  const givenAtMs = new Map<string, number>();

  function addLine(functionName: string, line: string): void {
    added += 1;
    kept.push({ functionName, line, number: added, atMs: nowMs() });
    // Cut seldom, since cutting copies everything that stays.
    if (kept.length >= linesMax * 1.1) kept = kept.slice(-linesMax);
    for (const { key, value, adds } of embeddedMetrics(line)) {
      figures.set(key, adds ? (figures.get(key) ?? 0) + value : value);
      givenAtMs.set(key.replace(/\{.*/, ''), nowMs());
    }
  }

  return {
    add(functionName, text) {
      for (const line of text.split('\n')) if (line !== '') addLine(functionName, line);
    },
    lines: () => kept.slice(-linesMax),
    metrics: () => Object.fromEntries(figures),
    lastGivenAtMs: (metricName) => givenAtMs.get(metricName),
  };
}
