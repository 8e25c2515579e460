import type { Context } from 'aws-lambda';
import { functionSettings, readSettings } from '../../core/config/settings.ts';
import { flushingAfter } from '../aws/emf-metrics.ts';
import { countingPorts } from '../shared/counting-ports.ts';
import { storingPorts } from '../shared/storing-ports.ts';
import { createReplay, type ReplayReport } from './replay.ts';

const settings = readSettings(process.env, ['region', ...functionSettings.replay]);
const { placing, regions, debtors, homeQueue } = storingPorts('replay', process.env);
const replay = createReplay({
  ...placing,
  regions,
  debtors,
  intake: homeQueue(settings.homeIntakeUrl),
  uncounted: homeQueue(settings.statsFailureUrl),
  counting: countingPorts(regions.home, settings.figuresTable),
});

export function handler(event: unknown, context: Context): Promise<ReplayReport> {
  return flushingAfter(placing.metrics, () => replay(event, context.getRemainingTimeInMillis()))(event);
}
