import { type FaultWindow, troubledSpan } from '../faults/fault-windows.ts';
import { isAnswered, type SentRecord } from '../load/sent-record.ts';

/** In ms; `null` when no click was due in the phase. */
interface Percentiles {
  readonly p50: number | null;
  readonly p99: number | null;
}

export interface LatencyByPhase {
  readonly before: Percentiles;
  readonly during: Percentiles;
  readonly after: Percentiles;
}

/** Latencies of answered clicks. A click's phase depends on when it was due: before, during or after the faults. */
export function latencyByPhase(records: readonly SentRecord[], windows: readonly FaultWindow[]): LatencyByPhase {
  const clicks = records.filter((record) => record.type === 'click' && isAnswered(record));
  const { fromMs, toMs } = troubledSpan(windows) ?? {
    fromMs: Number.POSITIVE_INFINITY,
    toMs: Number.POSITIVE_INFINITY,
  };
  const of = (belongs: (atMs: number) => boolean): Percentiles =>
    percentiles(clicks.filter(({ atMs }) => belongs(atMs)).map(({ latencyMs }) => latencyMs));
  return {
    before: of((atMs) => atMs < fromMs),
    during: of((atMs) => atMs >= fromMs && atMs < toMs),
    after: of((atMs) => atMs >= toMs),
  };
}

function percentiles(values: readonly number[]): Percentiles {
  return { p50: roundedMs(quantile(values, 0.5)), p99: roundedMs(quantile(values, 0.99)) };
}

/** The smallest value that at least `share` (0 to 1) of all values do not exceed; `null` without values. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(values.length * share) - 1)] ?? null;
}

function roundedMs(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}
