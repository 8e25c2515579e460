/** One value of one metric, read from a log line. */
export interface MetricValue {
  /** The metric's name, with its dimensions: for example `Captured{rung=intake-home}`. */
  readonly key: string;
  readonly value: number;
  /** True = values add up. False = a gauge, whose value is the greatest one in the line. */
  readonly adds: boolean;
}

interface Directive {
  readonly Dimensions?: readonly (readonly string[])[];
  readonly Metrics?: readonly { readonly Name: string; readonly Unit?: string }[];
}

type Line = Readonly<Record<string, unknown>>;

/**
 * Reads the metrics from a log line of CloudWatch's embedded metric format. Any other line has none. A metric with
 * several dimension sets counts under each of them, as in CloudWatch.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(text: string): readonly MetricValue[] {
  const line = parseLine(text);
  const directives = (line['_aws'] as { CloudWatchMetrics?: readonly Directive[] } | undefined)?.CloudWatchMetrics;
  return (directives ?? []).flatMap((directive) => valuesOf(line, directive));
}

function parseLine(text: string): Line {
  if (!text.includes('"_aws"')) return {};
  try {
    return (JSON.parse(text) as Line | null) ?? {};
  } catch {
    return {};
  }
}

function valuesOf(line: Line, { Dimensions = [[]], Metrics = [] }: Directive): MetricValue[] {
  const suffixes = Dimensions.map((names) => dimensionSuffix(line, names));
  return Metrics.flatMap(({ Name, Unit }) => {
    const values = valuesIn(line[Name]);
    const adds = Unit === 'Count';
    if (values.length === 0) return [];
    const value = adds ? values.reduce((sum, each) => sum + each, 0) : Math.max(...values);
    return suffixes.map((suffix) => ({ key: Name + suffix, value, adds }));
  });
}

function dimensionSuffix(line: Line, names: readonly string[]): string {
  if (names.length === 0) return '';
  return `{${names.map((name) => `${name}=${String(line[name])}`).join(',')}}`;
}

function valuesIn(value: unknown): readonly number[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((each) => typeof each === 'number');
}
