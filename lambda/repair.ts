import { isStored } from '../core/answers.ts';
import { isTombstone } from '../core/erasure.ts';
import { limits } from '../core/limits.ts';
import { hourPrefix, type LogKey, parseLogKey, recentHours } from '../core/log-key.ts';
import { metrics } from '../core/metrics.ts';
import { segmentFault } from '../core/segment.ts';
import { inParallel } from './in-parallel.ts';
import { listHour } from './list-hour.ts';
import { type LogBucket, type Places, type Side, type Surroundings, sides } from './places.ts';
import { putSegment } from './put-segment.ts';
import type { StorageSwitch } from './storage-switch.ts';

const { copyBudgetMs, copiesAtOnceMax, failuresMax } = limits.repair;

export interface RepairPorts extends Surroundings {
  readonly buckets: Places['buckets'];
  readonly storage: StorageSwitch;
}

export interface RepairReport {
  readonly copied: number;
  readonly failed: number;
  /** Copies that were not begun: the time was over, too many failed, or a log shall be left alone. */
  readonly left: number;
  /** Hours that were not compared: a log could not be listed or shall be left alone, or the time was over. */
  readonly hoursSkipped: number;
}

/**
 * Copies what one log has and the other lacks, for debts that nobody could write down. Newest hours first, since these
 * are the ones that are read. What still stands in a failure queue may be copied too: its delivery then finds it there.
 * Nothing new is begun after `endMs`, or when so much failed that a bucket must be ill, which is replay's business; what
 * is under way ends within one listing or one copy.
 */
export async function repairLogs(ports: RepairPorts, endMs: number, hours: number): Promise<RepairReport> {
  const { clock, storage, metrics: counts } = ports;
  const report = { copied: 0, failed: 0, left: 0, hoursSkipped: 0 };
  const isOver = () => clock.nowMs() >= endMs || report.failed >= failuresMax || storage.skipped() !== undefined;
  for (const hour of recentHours(clock.nowMs(), hours)) {
    await storage.refresh();
    const missing = isOver() ? undefined : await missingOf(hourPrefix(hour), ports, endMs);
    if (missing === undefined) report.hoursSkipped += 1;
    await inParallel(missing ?? [], copiesAtOnceMax, async (copy) => {
      const outcome = isOver() ? 'left' : await copySegment(copy, ports);
      report[outcome] += 1;
    });
  }
  if (report.failed > 0) counts.count(metrics.repairFailed, report.failed);
  if (report.hoursSkipped > 0) counts.count(metrics.repairHoursSkipped, report.hoursSkipped);
  return report;
}

interface Missing {
  readonly key: string;
  readonly parsed: LogKey;
  readonly lackedBy: Side;
}

/** What either log lacks of one hour; undefined when one of them cannot be listed. */
async function missingOf(prefix: string, ports: RepairPorts, endMs: number): Promise<readonly Missing[] | undefined> {
  const [home, peer] = await Promise.all(
    sides.map((side) => listHour(ports.buckets[side].bucket, prefix, ports.clock, endMs)),
  );
  if (!home || !peer) return undefined;
  return [...lacks(home, peer, 'peer'), ...lacks(peer, home, 'home')];
}

function lacks(has: ReadonlySet<string>, hasNot: ReadonlySet<string>, lackedBy: Side): readonly Missing[] {
  return [...has]
    .filter((key) => !hasNot.has(key))
    .flatMap((key) => {
      const parsed = parseLogKey(key);
      return parsed ? [{ key, parsed, lackedBy }] : [];
    });
}

async function copySegment(missing: Missing, ports: RepairPorts): Promise<'copied' | 'failed'> {
  const { clock, log } = ports;
  const startMs = clock.nowMs();
  const [from, to] = endsOf(missing, ports.buckets);
  const object = await from.bucket.get(missing.key, copyBudgetMs);
  if (object.kind === 'failed') return 'failed';
  const gzip = object.value.body;
  const fault = isTombstone(gzip) ? undefined : segmentFault(missing.parsed, gzip);
  if (fault) {
    log.error('a log holds what is no segment', { bucket: from.name, key: missing.key, fault });
    return 'failed';
  }
  const leftMs = Math.max(1, startMs + copyBudgetMs - clock.nowMs());
  const answer = await putSegment(to.bucket, { key: missing.key, gzip }, leftMs, clock);
  if (!isStored(answer)) return 'failed';
  ports.metrics.count(metrics.repaired, 1, { bucket: missing.lackedBy });
  return 'copied';
}

function endsOf({ lackedBy }: Missing, buckets: Places['buckets']): readonly [from: LogBucket, to: LogBucket] {
  return lackedBy === 'peer' ? [buckets.home, buckets.peer] : [buckets.peer, buckets.home];
}
