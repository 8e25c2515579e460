import { isStored } from '../core/answers.ts';
import { limits } from '../core/limits.ts';
import { hourPrefix, type LogKey, parseLogKey, recentHours } from '../core/log-key.ts';
import { metrics } from '../core/metrics.ts';
import type { Bucket } from '../core/ports.ts';
import { segmentFault } from '../core/segment.ts';
import { inParallel } from './in-parallel.ts';
import { type LogBucket, type Places, type Side, type Surroundings, sides } from './places.ts';
import { putSegment } from './put-segment.ts';

const { hoursMax, pagesMax, listBudgetMs, copyBudgetMs, copiesAtOnceMax } = limits.repair;

export interface RepairPorts extends Surroundings {
  readonly buckets: Places['buckets'];
}

export interface RepairReport {
  readonly copied: number;
  readonly failed: number;
  /** Hours that were not compared: a log could not be listed, or the time was over. */
  readonly hoursSkipped: number;
}

/**
 * Copies what one log has and the other lacks, for debts that nobody could write down. Newest hours first, since these
 * are the ones that are read. What still stands in a failure queue may be copied too: its delivery then finds it there.
 * Nothing new is begun after `endMs`; what is under way ends within one listing or one copy.
 */
export async function repairLogs(ports: RepairPorts, endMs: number): Promise<RepairReport> {
  const report = { copied: 0, failed: 0, hoursSkipped: 0 };
  for (const hour of recentHours(ports.clock.nowMs(), hoursMax)) {
    const missing = await missingOf(hourPrefix(hour), ports, endMs);
    if (!missing) {
      report.hoursSkipped += 1;
      continue;
    }
    const copied = await inParallel(missing, copiesAtOnceMax, async (copy) => copySegment(copy, ports, endMs));
    report.copied += copied.filter((done) => done).length;
    report.failed += copied.filter((done) => !done).length;
  }
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
    sides.map((side) => listAll(ports.buckets[side].bucket, prefix, ports, endMs)),
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

async function listAll(
  bucket: Bucket,
  prefix: string,
  { clock }: RepairPorts,
  endMs: number,
): Promise<ReadonlySet<string> | undefined> {
  const keys = new Set<string>();
  let after: string | undefined;
  for (let page = 0; page < pagesMax && clock.nowMs() < endMs; page += 1) {
    const listed = await bucket.list(prefix, listBudgetMs, after);
    if (listed.kind === 'failed') return undefined;
    for (const key of listed.value.keys) keys.add(key);
    after = listed.value.next;
    if (after === undefined) return keys;
  }
  return undefined;
}

async function copySegment(missing: Missing, ports: RepairPorts, endMs: number): Promise<boolean> {
  const { clock, log } = ports;
  const startMs = clock.nowMs();
  if (startMs >= endMs) return false;
  const [from, to] = endsOf(missing, ports.buckets);
  const object = await from.bucket.get(missing.key, copyBudgetMs);
  if (object.kind === 'failed') return false;
  const gzip = object.value.body;
  const fault = segmentFault(missing.parsed, gzip);
  if (fault) {
    log.error('a log holds what is no segment', { bucket: from.name, key: missing.key, fault });
    return false;
  }
  const leftMs = Math.max(1, startMs + copyBudgetMs - clock.nowMs());
  const answer = await putSegment(to.bucket, { key: missing.key, gzip }, leftMs, clock);
  if (isStored(answer)) ports.metrics.count(metrics.repaired, 1, { bucket: missing.lackedBy });
  return isStored(answer);
}

function endsOf({ lackedBy }: Missing, buckets: Places['buckets']): readonly [from: LogBucket, to: LogBucket] {
  return lackedBy === 'peer' ? [buckets.home, buckets.peer] : [buckets.peer, buckets.home];
}
