import { inParallel } from '../../core/in-parallel.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourName } from '../../core/log/log-key.ts';
import { metrics } from '../../core/metrics.ts';
import { latestManifest } from './manifests.ts';
import type { LedgerPorts } from './steps.ts';

export interface Comparison {
  readonly compared: number;
  /** Starts of the hours whose figures differ. */
  readonly differing: readonly number[];
}

/**
 * Compares home's final figures with the peer's, for hours that have been final in both for long enough. Hours of a
 * peer that does not answer are not compared, and do not count as different.
 */
export async function comparePeer(hours: readonly number[], ports: LedgerPorts, endMs: number): Promise<Comparison> {
  const compared = await inParallel(hours, limits.ledger.hoursAtOnceMax, async (hourStartMs) =>
    ports.clock.nowMs() >= endMs ? undefined : await isSame(hourStartMs, ports),
  );
  const differing = hours.filter((_, index) => compared[index] === false);
  const count = compared.filter((same) => same !== undefined).length;
  if (count > 0) ports.metrics.gauge(metrics.hoursDiffering, differing.length);
  if (differing.length > 0) ports.log.error('final figures of both regions differ', { hours: differing.map(hourName) });
  return { compared: count, differing };
}

/** Undefined when the hour cannot be compared. */
async function isSame(hourStartMs: number, { buckets, clock }: LedgerPorts): Promise<boolean | undefined> {
  const [home, peer] = await Promise.all(
    [buckets.home, buckets.peer].map(({ bucket }) => latestManifest(bucket, hourStartMs)),
  );
  if (home?.kind !== 'done' || peer?.kind !== 'done') return undefined;
  const [ours, theirs] = [home.value, peer.value];
  if (ours === undefined || theirs === undefined) return undefined;
  const sinceMs = clock.nowMs() - Math.max(ours.atMs, theirs.atMs);
  return sinceMs < limits.ledger.differMinutes * 60_000 ? undefined : ours.figuresDigest === theirs.figuresDigest;
}
