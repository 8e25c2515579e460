import { limits } from '../../core/limits/limits.ts';
import { metrics as metricNames } from '../../core/metrics.ts';
import type { QueueReceiver } from '../../core/ports.ts';
import type { PlacingPorts } from '../../eventlog/place-segment.ts';
import type { CountingPorts } from '../shared/count-segment.ts';
import { bucketLane, type Debtor } from './bucket-lane.ts';
import { type DrainReport, drainLane } from './drain.ts';
import { pollStalledIntake, type StalledIntakeReport } from './poll-stalled-intake.ts';
import { recountLane } from './recount-lane.ts';

export interface ReplayPorts extends PlacingPorts {
  readonly debtors: readonly Debtor[];
  readonly intake: QueueReceiver;
  /** The stats failure queue. */
  readonly statsFailureQueue: QueueReceiver;
  readonly counting: Pick<CountingPorts, 'table' | 'offersByDay' | 'random'>;
}

export interface DeliverReport {
  readonly task: 'deliver';
  readonly lanes: readonly (DrainReport & { readonly bucket: string })[];
  readonly intake: StalledIntakeReport;
}

export type ReplayReport =
  | DeliverReport
  | ({ readonly task: 'recount' } & DrainReport)
  | { readonly task: MovedTask; readonly movedTo: 'audit' };

export type ReplayTask = 'deliver' | 'recount';

/**
 * Tasks that `audit` has now. While a stack is updated, the schedules of the release before still ask `replay` for them,
 * and an error would stop the update (docs/decisions/0013).
 */
const movedTasks = ['repair', 'repair-recent', 'repair-far', 'watch', 'gaps'] as const;
type MovedTask = (typeof movedTasks)[number];

/**
 * `replay` drains queues. `{"task":"deliver"}` delivers owed segments, and reads the intake queue in case its pollers have
 * stalled. `{"task":"recount"}` counts the segments that `stats` could not count. `remainingMs`: until Lambda ends the run.
 */
export function createReplay(ports: ReplayPorts): (event: unknown, remainingMs: number) => Promise<ReplayReport> {
  return async (event, remainingMs) => {
    const task = taskOf(event);
    const endMs = ports.clock.nowMs() + Math.min(limits.replay.runMs, remainingMs - limits.replay.reserveMs);
    const report = await perform(task, ports, endMs);
    ports.log.info('replayed', { report });
    return report;
  };
}

async function perform(task: ReplayTask | MovedTask, ports: ReplayPorts, endMs: number): Promise<ReplayReport> {
  if (task === 'deliver') return await deliver(ports, endMs);
  if (task === 'recount') return { task, ...(await recount(ports, endMs)) };
  return { task, movedTo: 'audit' };
}

/** All lanes run side by side: a bucket that hangs, or a surprise in one lane, must not hold up the rest. */
async function deliver(ports: ReplayPorts, endMs: number): Promise<DeliverReport> {
  const { targets, intake, storage, clock, metrics, log } = ports;
  await storage.refresh();
  const drainPorts = { deadLetters: targets.deadLetters, clock, metrics, log };
  const drain = async (debtor: Debtor) => ({
    bucket: debtor.target.name,
    ...(await drainLane(bucketLane(debtor, { storage, clock, metrics, log }), drainPorts, endMs)),
  });
  const drains = Promise.allSettled(ports.debtors.map(drain));
  const [polled] = await Promise.allSettled([pollStalledIntake(intake, ports, endMs)]);
  const report = { lanes: (await drains).map(settledValue), intake: settledValue(polled) };
  metrics.count(metricNames.replayRuns, 1);
  return { task: 'deliver', ...report };
}

function recount({ targets, statsFailureQueue, counting, clock, metrics, log }: ReplayPorts, endMs: number) {
  const around = { deadLetters: targets.deadLetters, clock, metrics, log };
  const lane = recountLane(statsFailureQueue, { ...around, ...counting, bucket: targets.buckets.home.bucket });
  return drainLane(lane, around, endMs);
}

function settledValue<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

function taskOf(event: unknown): ReplayTask | MovedTask {
  const wanted = (event as { task?: unknown } | null)?.task;
  const task = (['deliver', 'recount', ...movedTasks] as const).find((known) => known === wanted);
  if (task === undefined) throw new Error('replay wants {"task":"deliver"} or {"task":"recount"}');
  return task;
}
