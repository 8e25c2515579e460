import type { Context } from 'aws-lambda';
import { flushingAfter } from '../aws/emf-metrics.ts';
import { openAlertTask } from './alerts/open-alert-task.ts';
import type { AlertsReport } from './alerts/run-alerts.ts';
import { createNotify, type NotifyReport } from './notify.ts';
import { notifyPorts } from './ports.ts';
import { sideBySide } from './side-by-side.ts';

const ports = notifyPorts(process.env);
const notify = createNotify(ports);
const lookForAlerts = openAlertTask(ports, process.env);

interface Report {
  readonly postbacks: NotifyReport;
  readonly alerts: AlertsReport;
}

export function handler(event: unknown, context: Context): Promise<Report> {
  return flushingAfter(ports.metrics, () => run(event, context.getRemainingTimeInMillis()))(event);
}

async function run(event: unknown, remainingMs: number): Promise<Report> {
  const [postbacks, alerts] = await sideBySide(notify(event, remainingMs), lookForAlerts(remainingMs));
  return { postbacks, alerts };
}
