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
  /** Writes what was counted since the last time, when it is due. The end of each invocation calls this. */
  flush(): void;
}

export interface Pace {
  /** The least time between two writes. Nothing runs between invocations, so the next one after it writes. */
  readonly intervalMs: number;
  /** Names of metrics that do not wait. */
  readonly atOnce: ReadonlySet<string>;
}

/** Every invocation writes. */
const everyTime: Pace = { intervalMs: 0, atOnce: new Set() };

type Dimensions = Readonly<Record<string, string>>;

interface Figures {
  readonly dimensions: Dimensions;
  /** When the first of them was counted: hours may pass until the next invocation. */
  readonly sinceMs: number;
  readonly counts: Map<string, number>;
  readonly gauges: Map<string, number[]>;
}

export function emfMetrics(
  clock: Pick<Clock, 'nowMs'>,
  namespace: string,
  { intervalMs, atOnce }: Pace = everyTime,
  write: (line: string) => void = writeToStdout,
): BufferedMetrics {
  const buffer = new Map<string, Figures>();
  let writtenAtMs = Number.NEGATIVE_INFINITY;
  const figuresOf = (name: string, dimensions: Dimensions): Figures => {
    if (atOnce.has(name)) writtenAtMs = Number.NEGATIVE_INFINITY;
    const key = JSON.stringify(Object.entries(dimensions).sort());
    const known = buffer.get(key);
    if (known !== undefined) return known;
    const figures = { dimensions, sinceMs: clock.nowMs(), counts: new Map(), gauges: new Map() };
    buffer.set(key, figures);
    return figures;
  };
  return {
    count(name, value, dimensions = {}) {
      const { counts } = figuresOf(name, dimensions);
      counts.set(name, (counts.get(name) ?? 0) + value);
    },
    gauge(name, value, dimensions = {}) {
      const { gauges } = figuresOf(name, dimensions);
      gauges.set(name, [...(gauges.get(name) ?? []), value]);
    },
    flush() {
      const nowMs = clock.nowMs();
      // A clock that was put back must not hold the figures for as long.
      if (buffer.size === 0 || Math.abs(nowMs - writtenAtMs) < intervalMs) return;
      for (const figures of buffer.values()) write(emfLine(namespace, figures));
      buffer.clear();
      writtenAtMs = nowMs;
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

function emfLine(namespace: string, { dimensions, sinceMs, counts, gauges }: Figures): string {
  return JSON.stringify({
    _aws: {
      Timestamp: sinceMs,
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
