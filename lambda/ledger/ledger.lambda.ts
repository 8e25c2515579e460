import type { Context } from 'aws-lambda';
import { flushingAfter } from '../aws/emf-metrics.ts';
import { createLedger, type LedgerReport } from './ledger.ts';
import { ledgerPorts } from './ports.ts';

const ports = ledgerPorts(process.env);
const ledger = createLedger(ports);

export function handler(event: unknown, context: Context): Promise<LedgerReport> {
  return flushingAfter(ports.metrics, () => ledger(event, context.getRemainingTimeInMillis()))(event);
}
