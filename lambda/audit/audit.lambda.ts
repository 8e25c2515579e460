import type { Context } from 'aws-lambda';
import { flushingAfter } from '../aws/emf-metrics.ts';
import { logPorts } from '../shared/log-ports.ts';
import { type AuditReport, createAudit } from './audit.ts';

const ports = logPorts('audit', process.env);
const audit = createAudit(ports);

export function handler(event: unknown, context: Context): Promise<AuditReport> {
  return flushingAfter(ports.metrics, () => audit(event, context.getRemainingTimeInMillis()))(event);
}
