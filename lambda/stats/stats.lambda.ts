import type { Context } from 'aws-lambda';
import { flushingAfter } from '../aws/emf-metrics.ts';
import { statsPorts } from './ports.ts';
import { createStats, type StatsReport } from './stats.ts';

const ports = statsPorts(process.env);
const stats = createStats(ports);

export function handler(event: unknown, context: Context): Promise<StatsReport> {
  return flushingAfter(ports.metrics, () => stats(event, context.getRemainingTimeInMillis()))(event);
}
