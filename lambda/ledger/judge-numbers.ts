import type { EnvironmentCount } from '../../core/figures/merge-events.ts';
import type { HourAccounting, HourState } from '../../core/ledger/hour-state.ts';
import { ListingSum } from '../../core/ledger/listing-sum.ts';
import { sequenceGaps } from '../../core/ledger/sequence-gaps.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import { type FoldRun, LeftToNextRun } from '../fold/run.ts';
import { scanLog } from '../fold/scan-log.ts';

/**
 * Judges the sequence numbers of an hour. A missing number is a loss only when both logs have the same segments: else the
 * event may stand in a segment that this log is still owed. Undefined when the hour cannot be judged yet.
 */
export async function judgeNumbers(
  run: FoldRun,
  hourStartMs: number,
  environments: readonly EnvironmentCount[],
  keysDigest: string,
): Promise<HourAccounting | undefined> {
  const gaps = sequenceGaps(environments);
  if (gaps.length === 0) return { missing: 0, gaps: [] };
  if ((await peerKeysDigest(run, hourStartMs)) !== keysDigest) return undefined;
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0);
  return { missing, gaps: gaps.slice(0, limits.ledger.gapsNamedMax) };
}

/** Tells of lost events that the state before did not have. */
export function noteLoss(run: FoldRun, { hour, accounting }: HourState, before: HourState | undefined): void {
  const count = (accounting?.missing ?? 0) - (before?.accounting?.missing ?? 0);
  if (count <= 0) return;
  run.ports.metrics.count(metrics.sequenceGaps, count);
  run.ports.log.error('captured events are in neither log', { hour, ...accounting });
}

/** Undefined when the peer's log does not answer. */
async function peerKeysDigest(run: FoldRun, hourStartMs: number): Promise<string | undefined> {
  const listing = new ListingSum();
  try {
    for await (const segments of scanLog(run, hourStartMs, 'peer'))
      for (const segment of segments) listing.add(segment);
    return listing.keysDigest;
  } catch (error) {
    if (error instanceof LeftToNextRun) return undefined;
    throw error;
  }
}
