import { functionSettings, readSettings } from '../../core/config/settings.ts';
import { limits } from '../../core/limits/limits.ts';
import type { BufferedMetrics } from '../aws/emf-metrics.ts';
import { foldPorts } from '../fold/ports.ts';
import type { FoldPorts } from '../fold/run.ts';

export interface LedgerPorts extends FoldPorts {
  /** Days of unique visitors are days of this zone. */
  readonly timeZone: string;
  /** `limits.ledger.visitorsMax`, but fewer in tests that count in parts. */
  readonly visitorsMax: number;
}

/** Throws one error that names every variable that is missing. */
export function ledgerPorts(environment: NodeJS.ProcessEnv): LedgerPorts & { readonly metrics: BufferedMetrics } {
  const { timeZone } = readSettings(environment, ['region', ...functionSettings.ledger]);
  return { ...foldPorts('ledger', environment), timeZone, visitorsMax: limits.ledger.visitorsMax };
}
