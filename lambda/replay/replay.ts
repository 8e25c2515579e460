import { limits } from '../../core/limits/limits.ts';
import { metrics as metricNames } from '../../core/metrics.ts';
import type { QueueReceiver } from '../../core/ports.ts';
import type { PlacingPorts } from '../../eventlog/place-segment.ts';
import { bucketLane, type Debtor } from './bucket-lane.ts';
import { type DrainReport, drainLane } from './drain.ts';
import { pollStalledIntake, type StalledIntakeReport } from './poll-stalled-intake.ts';

export interface ReplayPorts extends PlacingPorts {
  readonly debtors: readonly Debtor[];
  readonly intake: QueueReceiver;
}

export interface DeliverReport {
  readonly task: 'deliver';
  readonly lanes: readonly (DrainReport & { readonly bucket: string })[];
  readonly intake: StalledIntakeReport;
}

export type ReplayReport = DeliverReport | { readonly task: EndedTask; readonly hasEnded: true };

export type ReplayTask = 'deliver';

/**
 * Tasks of earlier releases. While a stack is updated, the schedules of the release before still ask for them, and an
 * error would stop the update (docs/decisions/0013).
 */
const endedTasks = ['recount', 'repair', 'repair-recent', 'repair-far', 'watch', 'gaps'] as const;
type EndedTask = (typeof endedTasks)[number];

/**
 * `replay` drains queues. `{"task":"deliver"}` delivers owed segments, and reads the intake queue in case its pollers have
 * stalled. `remainingMs`: until Lambda ends the run.
 */
export function createReplay(ports: ReplayPorts): (event: unknown, remainingMs: number) => Promise<ReplayReport> {
  return async (event, remainingMs) => {
    const task = taskOf(event);
    const endMs = ports.clock.nowMs() + Math.min(limits.replay.runMs, remainingMs - limits.replay.reserveMs);
    const report = task === 'deliver' ? await deliver(ports, endMs) : ({ task, hasEnded: true } as const);
    ports.log.info('replayed', { report });
    return report;
  };
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

function settledValue<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

function taskOf(event: unknown): ReplayTask | EndedTask {
  const wanted = (event as { task?: unknown } | null)?.task;
  const task = (['deliver', ...endedTasks] as const).find((known) => known === wanted);
  if (task === undefined) throw new Error('replay wants {"task":"deliver"}');
  return task;
}
