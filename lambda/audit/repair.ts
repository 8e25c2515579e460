import { limits } from '../../core/limits/limits.ts';
import { recentHours } from '../../core/log/log-key.ts';
import { metrics } from '../../core/metrics.ts';
import type { CopyPorts } from '../../eventlog/copy-segment.ts';
import type { Side, StorageSwitchReader } from '../../eventlog/log-buckets.ts';
import { type Run, repairHours } from './repair-hours.ts';
import { rotate } from './rotate.ts';

const { failuresMax, failedShareMax } = limits.repair;

export interface RepairPorts extends CopyPorts {
  /** Names of the regions whose logs they are. */
  readonly regions: Readonly<Record<Side, string>>;
  readonly storage: StorageSwitchReader;
}

/** How often the latest hours are looked at, and how many. */
export interface Look {
  readonly intervalSeconds: number;
  readonly hours: number;
}

export interface RepairReport {
  readonly copied: number;
  readonly failed: number;
  /** What one log has under the key of a segment, and is none. */
  readonly unreadable: number;
  /** Copies that were not begun: the time was over, too many failed, or a log shall be left alone. */
  readonly left: number;
  /** Hours not gone through to their end: a log could not be listed or shall be left alone, or the run was over. */
  readonly hoursSkipped: number;
}

/**
 * Copies what one log has and the other lacks, for debts that nobody could write down. What still stands in a failure
 * queue may be copied too: its delivery then finds it there. Each run begins elsewhere and copies whatever it has
 * compared, so that an hour too large for a run is done by several, in both regions, and holds up no other. Nothing new
 * is begun after `endMs`, or when so much failed that a bucket must be ill, which is replay's business; what is under way
 * ends within one listing or one copy.
 */
export async function repairLogs(ports: RepairPorts, endMs: number, look: Look): Promise<RepairReport> {
  const { clock, regions, storage, metrics: counts } = ports;
  const copies = { copied: 0, failed: 0, unreadable: 0, left: 0 };
  const isOver = () => clock.nowMs() >= endMs || isIll(copies) || storage.skipped() !== undefined;
  const turn = Math.floor(clock.nowMs() / (look.intervalSeconds * 1_000));
  const rotated = <Item>(items: readonly Item[]) => rotate(items, turn, regions.home > regions.peer);
  const hoursSkipped = await repairHours(recentHours(clock.nowMs(), look.hours), rotated, { ...ports, copies, isOver });
  if (copies.failed > 0) counts.count(metrics.repairFailed, copies.failed);
  if (hoursSkipped > 0) counts.count(metrics.repairHoursSkipped, hoursSkipped);
  return { ...copies, hoursSkipped };
}

/** Among many copies some fail while both buckets are well. */
function isIll({ copied, failed }: Run['copies']): boolean {
  return failed >= failuresMax && failed >= failedShareMax * (failed + copied);
}
