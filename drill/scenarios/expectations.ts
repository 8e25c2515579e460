import { capturedByValues } from '../../core/capture/ladder.ts';
import { metrics } from '../../core/metrics.ts';
import { loadTypes } from '../load/sent-record.ts';

/** A scenario's expectations: from a dotted path in the report to a bound. */
export type Expectations = Readonly<Record<string, Bound>>;

/** `min` and `max` are inclusive. */
export interface Bound {
  readonly min?: number;
  readonly max?: number;
  /** The measured moment must not come at all: the report must say `null`. */
  readonly never?: true;
}

/** Each of these is one number for each type of event. A path may name one type, or the whole, which means the sum. */
export const perTypePaths: readonly string[] = ['sent', 'answered', 'refused', 'acknowledged', 'stranded_by_type'];
const postbackPaths = ['owed', 'missing', 'accepted', 'again', 'failed', 'slowest_ms'].map(
  (name) => `postbacks.${name}`,
);
const moments = ['shift_ms', 'clients_shift_ms', 'return_ms', 'drain_ms'];
const plain = [
  ...['unconfirmed', 'recovered', 'stranded', 'lost', 'counted_twice', 'missing_in_final', 'dead_lettered'],
  ...['alerts_told', 'alerts_repeated', 'caps_used_up'],
  ...moments,
  ...postbackPaths,
  'intake_messages_max',
  'usd_per_million_clicks',
];
const phases = ['before', 'during', 'after'].flatMap((phase) => [`latency_ms.${phase}.p50`, `latency_ms.${phase}.p99`]);

/** The paths that every report has. */
export const expectablePaths: readonly string[] = [
  ...plain,
  ...perTypePaths.flatMap((name) => [name, ...loadTypes.map((type) => `${name}.${type}`)]),
  ...phases,
];

/**
 * A report leaves these paths out when they are zero. A misspelt path would therefore always pass, so only known names
 * are accepted.
 */
const listedPaths: ReadonlySet<string> = new Set([
  ...Object.values(metrics).map((name) => `metrics.${name}`),
  ...capturedByValues.map((rungs) => `captured_by.${rungs}`),
]);
const openPath = /^aws_calls\.[\w:-]+$|^figures\.expected\.[a-z_]+$/;

export function isExpectable(path: string): boolean {
  return expectablePaths.includes(path) || isZeroWhenAbsent(path);
}

export function isZeroWhenAbsent(path: string): boolean {
  return listedPaths.has(path) || openPath.test(path);
}
