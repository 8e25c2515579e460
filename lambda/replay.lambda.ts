import type { Context } from 'aws-lambda';
import { readSettings } from '../core/settings.ts';
import { flushingAfter } from './aws/emf-metrics.ts';
import { storingPorts } from './aws/storing-ports.ts';
import { createReplay, type ReplayReport } from './replay.ts';

const { placing, regions, lanes, homeQueue } = storingPorts('replay', process.env);
const { homeIntakeUrl } = readSettings(process.env, ['homeIntakeUrl']);
const replay = createReplay({ ...placing, regions, lanes, intake: homeQueue(homeIntakeUrl) });

export function handler(event: unknown, context: Context): Promise<ReplayReport> {
  return flushingAfter(placing.metrics, () => replay(event, context.getRemainingTimeInMillis()))(event);
}
