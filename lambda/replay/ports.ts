import { functionSettings, readSettings } from '../../core/config/settings.ts';
import { sides } from '../../eventlog/log-buckets.ts';
import type { BufferedMetrics } from '../aws/emf-metrics.ts';
import { storingPorts } from '../shared/storing-ports.ts';
import type { ReplayPorts } from './replay.ts';

/** Throws one error that names every variable that is missing. */
export function replayPorts(environment: NodeJS.ProcessEnv): ReplayPorts & { readonly metrics: BufferedMetrics } {
  const { homeIntakeUrl } = readSettings(environment, ['region', ...functionSettings.replay]);
  const { logs, placing, failureQueues, homeQueue } = storingPorts('replay', environment);
  const owedBuckets = logs.bucketsOf('owed');
  return {
    ...placing,
    metrics: logs.metrics,
    debtors: sides.map((side) => ({ side, target: owedBuckets[side], queues: failureQueues[side] })),
    intake: homeQueue(homeIntakeUrl),
  };
}
