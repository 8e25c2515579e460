import { limits } from '../../core/limits/limits.ts';
import { metrics as metricNames } from '../../core/metrics.ts';
import type { QueueReceiver } from '../../core/ports.ts';
import type { Side } from '../../eventlog/log-buckets.ts';
import type { PlacingPorts } from '../../eventlog/place-segment.ts';
import { type CheckProbesReport, checkProbes } from '../audit/check-probes.ts';
import { type Look, type RepairReport, repairLogs } from '../audit/repair.ts';
import { findSequenceGaps, type SequenceGapsReport } from '../audit/sequence-gaps.ts';
import type { CountingPorts } from '../shared/count-segment.ts';
import { bucketLane, type Debtor } from './bucket-lane.ts';
import { type DrainReport, drainLane } from './drain.ts';
import { pollStalledIntake, type StalledIntakeReport } from './poll-stalled-intake.ts';
import { recountLane } from './recount-lane.ts';

export interface ReplayPorts extends PlacingPorts {
  /** Names of the regions whose buckets are home's and the peer's. */
  readonly regions: Readonly<Record<Side, string>>;
  readonly debtors: readonly Debtor[];
  readonly intake: QueueReceiver;
  /** The stats failure queue. */
  readonly uncounted: QueueReceiver;
  readonly counting: Pick<CountingPorts, 'table' | 'offersByDay' | 'random'>;
}

export interface DeliverReport {
  readonly task: 'deliver';
  readonly lanes: readonly (DrainReport & { readonly bucket: string })[];
  readonly intake: StalledIntakeReport;
}

export type ReplayReport =
  | DeliverReport
  | ({ readonly task: RepairTask } & RepairReport)
  | ({ readonly task: 'watch' } & CheckProbesReport)
  | ({ readonly task: 'gaps' } & SequenceGapsReport)
  | ({ readonly task: 'recount' } & DrainReport);

export type ReplayTask = ReplayReport['task'];
type RepairTask = keyof typeof looks;

/** What each of these tasks looks at, and how often. */
const looks = {
  repair: { intervalSeconds: limits.repair.intervalSeconds, hours: limits.repair.hoursMax },
  'repair-recent': limits.repair.recent,
  'repair-far': limits.repair.far,
} as const satisfies Record<string, Look>;

/**
 * `replay`: `{"task":"deliver"}` brings what buckets are owed and looks after the intake queue; `{"task":"repair"}`
 * compares the logs, `{"task":"repair-recent"}` their latest hours, `{"task":"repair-far"}` as many as anything can be
 * late; `{"task":"watch"}` looks for both regions' probes in them, `{"task":"gaps"}` for numbers that are missing;
 * `{"task":"recount"}` counts what `stats` could not. Bounded by the time that its environment has left, in ms.
 */
export function createReplay(ports: ReplayPorts): (event: unknown, remainingMs: number) => Promise<ReplayReport> {
  return async (event, remainingMs) => {
    const task = taskOf(event);
    const { runMs } = isRepair(task) ? limits.repair : limits.replay;
    const endMs = ports.clock.nowMs() + Math.min(runMs, remainingMs - limits.replay.reserveMs);
    const report = await perform(task, ports, endMs);
    ports.log.info('replayed', { report });
    return report;
  };
}

function isRepair(task: ReplayTask): task is RepairTask {
  return task in looks;
}

async function perform(task: ReplayTask, ports: ReplayPorts, endMs: number): Promise<ReplayReport> {
  const { destinations, regions, storage, clock, metrics, log } = ports;
  const logs = { buckets: destinations.buckets, regions, storage, clock, metrics, log };
  switch (task) {
    case 'deliver':
      return await deliver(ports, endMs);
    case 'repair':
    case 'repair-recent':
    case 'repair-far':
      return { task, ...(await repairLogs(logs, endMs, looks[task])) };
    case 'watch':
      return { task, ...(await checkProbes(logs, endMs)) };
    case 'gaps':
      return { task, ...(await findSequenceGaps(logs, endMs)) };
    case 'recount':
      return { task, ...(await recount(ports, endMs)) };
  }
}

/** Nothing here waits for another: a lane whose bucket hangs, or a surprise in one, must not hold up the rest. */
async function deliver(ports: ReplayPorts, endMs: number): Promise<DeliverReport> {
  const { destinations, intake, storage, clock, metrics, log } = ports;
  await storage.refresh();
  const drainPorts = { deadLetters: destinations.deadLetters, clock, metrics, log };
  const drain = async (debtor: Debtor) => ({
    bucket: debtor.target.name,
    ...(await drainLane(bucketLane(debtor, { storage, clock, metrics, log }), drainPorts, endMs)),
  });
  const drains = Promise.allSettled(ports.debtors.map(drain));
  const [rescue] = await Promise.allSettled([pollStalledIntake(intake, ports, endMs)]);
  const report = { lanes: (await drains).map(settledValue), intake: settledValue(rescue) };
  metrics.count(metricNames.replayRuns, 1);
  return { task: 'deliver', ...report };
}

function recount({ destinations, uncounted, counting, clock, metrics, log }: ReplayPorts, endMs: number) {
  const around = { deadLetters: destinations.deadLetters, clock, metrics, log };
  const lane = recountLane(uncounted, { ...around, ...counting, bucket: destinations.buckets.home.bucket });
  return drainLane(lane, around, endMs);
}

function settledValue<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

const tasks: readonly ReplayTask[] = ['deliver', 'repair', 'repair-recent', 'repair-far', 'watch', 'gaps', 'recount'];

function taskOf(event: unknown): ReplayTask {
  const wanted = (event as { task?: unknown } | null)?.task;
  const task = tasks.find((known) => known === wanted);
  if (task === undefined) throw new Error(`replay wants {"task":"deliver"}, or another one of ${tasks.join(', ')}`);
  return task;
}
