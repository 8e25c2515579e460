import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import { type CheckProbesPorts, type CheckProbesReport, checkProbes } from './check-probes.ts';
import { type Look, type RepairPorts, type RepairReport, repairLogs } from './repair.ts';
import { findSequenceGaps, type SequenceGapsPorts, type SequenceGapsReport } from './sequence-gaps.ts';

export type AuditPorts = RepairPorts & CheckProbesPorts & SequenceGapsPorts;

export type AuditReport =
  | ({ readonly task: RepairTask } & RepairReport)
  | ({ readonly task: 'check-probes' } & CheckProbesReport)
  | ({ readonly task: 'sequence-gaps' } & SequenceGapsReport);

export type AuditTask = AuditReport['task'];
type RepairTask = keyof typeof looks;

const { repair, audit } = limits;

/** How many hours each of these tasks looks at, and how often. */
const looks = {
  repair: { intervalSeconds: repair.intervalSeconds, hours: repair.hoursMax },
  'repair-recent': repair.recent,
  'repair-far': repair.far,
} as const satisfies Record<string, Look>;

/**
 * `audit` checks both logs, and takes nothing from a queue. `{"task":"repair"}` copies the segments that one log lacks.
 * `{"task":"repair-recent"}` does so for the latest hours, `{"task":"repair-far"}` for every hour in which an event can
 * still be late. `{"task":"check-probes"}` looks for the probes of both regions. `{"task":"sequence-gaps"}` looks for
 * sequence numbers that neither log has. `remainingMs`: until Lambda ends the run.
 */
export function createAudit(ports: AuditPorts): (event: unknown, remainingMs: number) => Promise<AuditReport> {
  return async (event, remainingMs) => {
    const task = taskOf(event);
    const { runMs } = isRepair(task) ? repair : audit;
    const endMs = ports.clock.nowMs() + Math.min(runMs, remainingMs - audit.reserveMs);
    const report = await perform(task, ports, endMs);
    ports.metrics.count(metrics.auditRuns, 1);
    ports.log.info('audited', { report });
    return report;
  };
}

function isRepair(task: AuditTask): task is RepairTask {
  return task in looks;
}

async function perform(task: AuditTask, ports: AuditPorts, endMs: number): Promise<AuditReport> {
  if (isRepair(task)) return { task, ...(await repairLogs(ports, endMs, looks[task])) };
  if (task === 'check-probes') return { task, ...(await checkProbes(ports, endMs)) };
  return { task, ...(await findSequenceGaps(ports, endMs)) };
}

const tasks: readonly AuditTask[] = ['repair', 'repair-recent', 'repair-far', 'check-probes', 'sequence-gaps'];

function taskOf(event: unknown): AuditTask {
  const wanted = (event as { task?: unknown } | null)?.task;
  const task = tasks.find((known) => known === wanted);
  if (task === undefined) throw new Error(`audit wants {"task":"repair"}, or another one of ${tasks.join(', ')}`);
  return task;
}
