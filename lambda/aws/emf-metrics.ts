import type { Clock, Metrics } from '../../core/ports.ts';

/**
 * Metrics as lines of CloudWatch's Embedded Metric Format. They travel with the logs, so counting never calls a
 * service.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * A line holds one set of dimensions: figures with other dimensions take another line. Every value of a gauge is kept,
 * and CloudWatch finds the greatest.
 */
export interface BufferedMetrics extends Metrics {
  /** Writes what was counted since the last time. */
  flush(): void;
}

type Dimensions = Readonly<Record<string, string>>;

interface Figures {
  readonly dimensions: Dimensions;
  readonly counts: Map<string, number>;
  readonly gauges: Map<string, number[]>;
}

export function emfMetrics(
  clock: Clock,
  namespace: string,
  write: (line: string) => void = writeToStdout,
): BufferedMetrics {
  const buffer = new Map<string, Figures>();
  const figuresOf = (dimensions: Dimensions): Figures => {
    const key = JSON.stringify(Object.entries(dimensions).sort());
    const figures = buffer.get(key) ?? { dimensions, counts: new Map(), gauges: new Map() };
    buffer.set(key, figures);
    return figures;
  };
  return {
    count(name, value, dimensions = {}) {
      const { counts } = figuresOf(dimensions);
      counts.set(name, (counts.get(name) ?? 0) + value);
    },
    gauge(name, value, dimensions = {}) {
      const { gauges } = figuresOf(dimensions);
      gauges.set(name, [...(gauges.get(name) ?? []), value]);
    },
    flush() {
      for (const figures of buffer.values()) write(emfLine(clock.nowMs(), namespace, figures));
      buffer.clear();
    },
  };
}

/** On Lambda, console.log puts time and request id before a line, and the line is no JSON any more. */
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

function emfLine(nowMs: number, namespace: string, { dimensions, counts, gauges }: Figures): string {
  return JSON.stringify({
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [Object.keys(dimensions)],
          Metrics: [
            ...[...counts.keys()].map((Name) => ({ Name, Unit: 'Count' })),
            ...[...gauges.keys()].map((Name) => ({ Name, Unit: 'None' })),
          ],
        },
      ],
    },
    ...dimensions,
    ...Object.fromEntries<number | number[]>([...counts, ...gauges]),
  });
}
