import { functionSettings, readSettings } from '../../core/config/settings.ts';
import type { Side } from '../../eventlog/log-buckets.ts';
import type { BufferedMetrics } from '../aws/emf-metrics.ts';
import { foldPorts } from '../fold/ports.ts';
import type { FoldPorts } from '../fold/run.ts';

export interface StatsPorts extends FoldPorts {
  /** Names of the regions whose buckets they are. */
  readonly regions: Readonly<Record<Side, string>>;
  /** The network's, by whose days and months caps count. */
  readonly timeZone: string;
}

/** Throws one error that names every variable that is missing. */
export function statsPorts(environment: NodeJS.ProcessEnv): StatsPorts & { readonly metrics: BufferedMetrics } {
  const { region, peerRegion, timeZone } = readSettings(environment, ['region', ...functionSettings.stats]);
  return {
    ...foldPorts('stats', environment),
    countsRowsAgain: true,
    regions: { home: region, peer: peerRegion },
    timeZone,
  };
}
