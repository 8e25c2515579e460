import { metricNamespace } from '../../core/metrics.ts';
import type { Clock, Metrics } from '../../core/ports.ts';

/**
 * Metrics as lines of CloudWatch's Embedded Metric Format: they go the way of the logs, so counting never calls a
 * service. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * One line an invocation as long as all counts have the same dimensions; a line holds each dimension once, so each
 * further set of dimensions is a further line.
 */
export interface BufferedMetrics extends Metrics {
  /** Writes what was counted since the last time. */
  flush(): void;
}

interface Counts {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: Map<string, number>;
}

export function emfMetrics(clock: Clock, write: (line: string) => void = writeToStdout): BufferedMetrics {
  const buffer = new Map<string, Counts>();
  return {
    count(name, value, dimensions = {}) {
      const key = JSON.stringify(Object.entries(dimensions).sort());
      const counts = buffer.get(key) ?? { dimensions, values: new Map<string, number>() };
      counts.values.set(name, (counts.values.get(name) ?? 0) + value);
      buffer.set(key, counts);
    },
    flush() {
      for (const counts of buffer.values()) write(emfLine(clock.nowMs(), counts));
      buffer.clear();
    },
  };
}

/** Not by console.log: on Lambda that puts time and request id before a line, which then is no JSON any more. */
function writeToStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs `handler` and then flushes, whether it succeeded or threw. */
export function flushingAfter<Event, Result>(
  metrics: BufferedMetrics,
  handler: (event: Event) => Promise<Result>,
): (event: Event) => Promise<Result> {
  return async (event) => {
    try {
      return await handler(event);
    } finally {
      metrics.flush();
    }
  };
}

function emfLine(nowMs: number, { dimensions, values }: Counts): string {
  return JSON.stringify({
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [
        {
          Namespace: metricNamespace,
          Dimensions: [Object.keys(dimensions)],
          Metrics: [...values.keys()].map((Name) => ({ Name, Unit: 'Count' })),
        },
      ],
    },
    ...dimensions,
    ...Object.fromEntries(values),
  });
}
