import { limits } from '../core/limits.ts';
import { metrics as metricNames } from '../core/metrics.ts';
import type { QueueReceiver } from '../core/ports.ts';
import { type DrainReport, drainLane, type Lane } from './drain.ts';
import type { PlacingPorts } from './place-segment.ts';
import { type RepairReport, repairLogs } from './repair.ts';
import { type RescueReport, rescueIntake } from './rescue.ts';

export interface ReplayPorts extends PlacingPorts {
  readonly lanes: readonly Lane[];
  readonly intake: QueueReceiver;
}

export interface DeliverReport {
  readonly task: 'deliver';
  readonly lanes: readonly DrainReport[];
  readonly intake: RescueReport;
}

export type ReplayReport = DeliverReport | ({ readonly task: 'repair' } & RepairReport);

/** What is kept back for whatever is under way when a run ends. */
const reserveMs = limits.replay.timeoutSeconds * 1_000 - limits.replay.runMs;

/**
 * `replay`: `{"task":"deliver"}` brings what buckets are owed and looks after the intake queue; `{"task":"repair"}`
 * compares the logs. Bounded by the time that its environment has left, in ms.
 */
export function createReplay(ports: ReplayPorts): (event: unknown, remainingMs: number) => Promise<ReplayReport> {
  return async (event, remainingMs) => {
    const endMs = ports.clock.nowMs() + Math.min(limits.replay.runMs, remainingMs - reserveMs);
    const report = taskOf(event) === 'deliver' ? await deliver(ports, endMs) : await repair(ports, endMs);
    ports.log.info('replayed', { report });
    return report;
  };
}

/** Nothing here waits for another: a lane whose bucket hangs, or a surprise in one, must not hold up the rest. */
async function deliver(ports: ReplayPorts, endMs: number): Promise<DeliverReport> {
  const { places, intake, clock, metrics, log } = ports;
  const drainPorts = { deadLetters: places.deadLetters, clock, metrics, log };
  const drains = Promise.allSettled(ports.lanes.map((lane) => drainLane(lane, drainPorts, endMs)));
  const [rescue] = await Promise.allSettled([rescueIntake(intake, ports, endMs)]);
  const report = { lanes: (await drains).map(settledValue), intake: settledValue(rescue) };
  metrics.count(metricNames.replayRuns, 1);
  return { task: 'deliver', ...report };
}

function settledValue<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

async function repair({ places, clock, metrics, log }: ReplayPorts, endMs: number): Promise<ReplayReport> {
  return { task: 'repair', ...(await repairLogs({ buckets: places.buckets, clock, metrics, log }, endMs)) };
}

function taskOf(event: unknown): 'deliver' | 'repair' {
  const task = (event as { task?: unknown } | null)?.task;
  if (task === 'deliver' || task === 'repair') return task;
  throw new Error('replay wants {"task":"deliver"} or {"task":"repair"}');
}
