import { inParallel } from '../../core/in-parallel.ts';
import { type HourState, isFinal, parseHourState } from '../../core/ledger/hour-state.ts';
import { hourStateKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourName } from '../../core/log/log-key.ts';
import { metrics } from '../../core/metrics.ts';
import type { LogBucket } from '../../eventlog/log-buckets.ts';
import type { FoldRun } from '../fold/run.ts';

export interface Comparison {
  readonly compared: number;
  /** Starts of the hours whose figures differ. */
  readonly differing: readonly number[];
}

/**
 * Compares home's final figures with the peer's, for hours that have been final in both for long enough. Hours of a
 * peer that does not answer are not compared, and do not count as different.
 */
export async function comparePeer(run: FoldRun, hours: readonly number[]): Promise<Comparison> {
  const compared = await inParallel(hours, limits.ledger.hoursAtOnceMax, (hourStartMs) => isSame(run, hourStartMs));
  const differing = hours.filter((_, index) => compared[index] === false);
  const count = compared.filter((same) => same !== undefined).length;
  const { metrics: sink, log } = run.ports;
  if (count > 0) sink.gauge(metrics.hoursDiffering, differing.length);
  if (differing.length > 0) log.error('final figures of both regions differ', { hours: differing.map(hourName) });
  return { compared: count, differing };
}

/** Undefined when the hour cannot be compared. */
async function isSame(run: FoldRun, hourStartMs: number): Promise<boolean | undefined> {
  if (run.isOver) return undefined;
  const { home, peer } = run.ports.buckets;
  const [ours, theirs] = await Promise.all([home, peer].map((log) => finalStateIn(log, hourStartMs)));
  if (ours === undefined || theirs === undefined) return undefined;
  // Until both regions run the same release, their figures may differ.
  if (ours.rules !== theirs.rules) return undefined;
  const sinceMs = run.nowMs() - Math.max(ours.atMs, theirs.atMs);
  return sinceMs < limits.ledger.differMinutes * 60_000 ? undefined : ours.figuresDigest === theirs.figuresDigest;
}

/** A state of an earlier or later release is not compared. */
async function finalStateIn({ bucket }: LogBucket, hourStartMs: number): Promise<HourState | undefined> {
  const object = await bucket.get(hourStateKey(hourStartMs), limits.fold.getBudgetMs);
  const state = object.kind === 'ok' ? parseHourState(object.value.body) : undefined;
  return state && isFinal(state) ? state : undefined;
}
