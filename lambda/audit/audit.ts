import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import { type CheckProbesPorts, type CheckProbesReport, checkProbes } from './check-probes.ts';
import { type Look, type RepairPorts, type RepairReport, repairLogs } from './repair.ts';

export type AuditPorts = RepairPorts & CheckProbesPorts;

export type AuditReport =
  | ({ readonly task: RepairTask } & RepairReport)
  | ({ readonly task: 'check-probes' } & CheckProbesReport)
  | { readonly task: EndedTask; readonly hasEnded: true };

type RepairTask = keyof typeof looks;
export type AuditTask = RepairTask | 'check-probes';

/**
 * A task of an earlier release. While a stack is updated, the schedule of the release before still asks for it, and an
 * error would stop the update (docs/decisions/0013).
 */
const endedTask = 'sequence-gaps';
type EndedTask = typeof endedTask;

const { repair, audit, checkProbes: probes } = limits;

const looks = {
  repair,
  'repair-recent': repair.recent,
  'repair-far': repair.far,
} as const satisfies Record<string, Look>;

/**
 * `audit` checks both logs, and takes nothing from a queue. `{"task":"repair"}` copies the segments that one log lacks.
 * `{"task":"repair-recent"}` does so for the latest hours, `{"task":"repair-far"}` for every hour in which an event can
 * still be late. `{"task":"check-probes"}` looks for the probes of both regions. `remainingMs`: until Lambda ends the run.
 */
export function createAudit(ports: AuditPorts): (event: unknown, remainingMs: number) => Promise<AuditReport> {
  return async (event, remainingMs) => {
    const task = taskOf(event);
    const { runMs } = isRepair(task) ? looks[task] : probes;
    const endMs = ports.clock.nowMs() + Math.min(runMs, remainingMs - audit.reserveMs);
    const report = await perform(task, ports, endMs);
    ports.metrics.count(metrics.auditRuns, 1);
    ports.log.info('audited', { report });
    return report;
  };
}

function isRepair(task: AuditTask | EndedTask): task is RepairTask {
  return task in looks;
}

async function perform(task: AuditTask | EndedTask, ports: AuditPorts, endMs: number): Promise<AuditReport> {
  if (isRepair(task)) return { task, ...(await repairLogs(ports, endMs, looks[task])) };
  if (task === 'check-probes') return { task, ...(await checkProbes(ports, endMs)) };
  return { task, hasEnded: true };
}

const tasks = ['repair', 'repair-recent', 'repair-far', 'check-probes'] as const satisfies readonly AuditTask[];

function taskOf(event: unknown): AuditTask | EndedTask {
  const wanted = (event as { task?: unknown } | null)?.task;
  const task = ([...tasks, endedTask] as const).find((known) => known === wanted);
  if (task === undefined) throw new Error(`audit wants {"task":"repair"}, or another one of ${tasks.join(', ')}`);
  return task;
}
