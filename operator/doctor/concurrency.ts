import { limits } from '../../core/limits.ts';
import type { Finding } from './finding.ts';

/** Whether one region alone can run all that the whole load and a backlog need (docs/deploy.md, Capacity). */
export function judgeConcurrency(region: string, unreserved: number, clicksPerSecond: number): readonly Finding[] {
  const needed = concurrencyNeeded(clicksPerSecond);
  if (unreserved >= needed) return [];
  return [
    {
      region,
      what: `concurrency of Lambda for ${clicksPerSecond} clicks a second`,
      expected: `${needed} unreserved`,
      found: String(unreserved),
      todo: 'ask for more in Service Quotas (Lambda, concurrent executions), in both regions',
    },
  ];
}

/** In the worst minute, not in the usual one. */
export function concurrencyNeeded(clicksPerSecond: number): number {
  const track = Math.ceil((clicksPerSecond * limits.doctor.worstClickMs) / 1_000);
  const { replayRunsAtOnce, ledgerRunsAtOnce } = limits.doctor;
  return track + limits.store.concurrencyMax + limits.stats.concurrencyMax + replayRunsAtOnce + ledgerRunsAtOnce;
}
