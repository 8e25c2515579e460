import { limits } from '../../core/limits/limits.ts';
import { recentHours } from '../../core/log/log-key.ts';
import { metrics } from '../../core/metrics.ts';
import type { CopyPorts } from '../../eventlog/copy-segment.ts';
import type { Side, StorageSwitchReader } from '../../eventlog/log-buckets.ts';
import { type Run, repairHours } from './repair-hours.ts';
import { startElsewhere } from './start-elsewhere.ts';

const { failuresMax, failedShareMax } = limits.repair;

export interface RepairPorts extends CopyPorts {
  /** Names of the regions of both logs. */
  readonly regions: Readonly<Record<Side, string>>;
  readonly storage: StorageSwitchReader;
}

/** How often the latest hours are compared, how many of them, and for how long at most. */
export interface Look {
  readonly intervalSeconds: number;
  readonly hoursMax: number;
  readonly runMs: number;
}

export interface RepairReport {
  readonly copied: number;
  readonly failed: number;
  /** Objects under the key of a segment that are no segments. */
  readonly unreadable: number;
  /** Copies that were not begun: the time was over, too many failed, or an operator skips a bucket. */
  readonly left: number;
  /** Hours not compared to their end: a log could not be listed or is skipped, or the run was over. */
  readonly hoursSkipped: number;
}

/**
 * Copies what one log has and the other lacks. This finds segments that no failure queue could take. It may copy a
 * segment that a failure queue holds; the delivery then finds it there.
 *
 * Each run begins at another place and copies what it has compared. So several runs, in both regions, do an hour that is
 * too large for one, and it holds up no other hour. Nothing new begins after `endMs`, or when so many copies failed
 * that a bucket must be ill, which is the business of `replay`. What is under way ends within one listing or one copy.
 */
export async function repairLogs(ports: RepairPorts, endMs: number, look: Look): Promise<RepairReport> {
  const { clock, regions, storage, metrics: counts } = ports;
  const copies = { copied: 0, failed: 0, unreadable: 0, left: 0 };
  const isOver = () => clock.nowMs() >= endMs || isIll(copies) || storage.skipped() !== undefined;
  const turn = Math.floor(clock.nowMs() / (look.intervalSeconds * 1_000));
  const inRunOrder = <Item>(items: readonly Item[]) => startElsewhere(items, turn, regions.home > regions.peer);
  const hours = recentHours(clock.nowMs(), look.hoursMax);
  const hoursSkipped = await repairHours(hours, inRunOrder, { ...ports, copies, isOver });
  if (copies.failed > 0) counts.count(metrics.repairFailed, copies.failed);
  if (hoursSkipped > 0) counts.count(metrics.repairHoursSkipped, hoursSkipped);
  return { ...copies, hoursSkipped };
}

/** A few of many copies may fail although both buckets are well. */
function isIll({ copied, failed }: Run['copies']): boolean {
  return failed >= failuresMax && failed >= failedShareMax * (failed + copied);
}
