import type { Context } from 'aws-lambda';
import { flushingAfter } from '../aws/emf-metrics.ts';
import { replayPorts } from './ports.ts';
import { createReplay, type ReplayReport } from './replay.ts';

const ports = replayPorts(process.env);
const replay = createReplay(ports);

export function handler(event: unknown, context: Context): Promise<ReplayReport> {
  return flushingAfter(ports.metrics, () => replay(event, context.getRemainingTimeInMillis()))(event);
}
