import { callOutcome } from '../../core/call-outcome.ts';
import { recentMinutes } from '../../core/event/probe.ts';
import { limits } from '../../core/limits/limits.ts';
import { probeKey } from '../../core/log/segment.ts';
import { metrics as metricNames } from '../../core/metrics.ts';
import { type SegmentTargets, type Side, type Surroundings, sides } from '../../eventlog/log-buckets.ts';

const { lookBackMinutes, getBudgetMs } = limits.checkProbes;

export interface CheckProbesPorts extends Surroundings {
  readonly buckets: SegmentTargets['buckets'];
  readonly regions: Readonly<Record<Side, string>>;
}

/** How old the newest probe of a region (`of`) in a log is, in whole minutes. */
interface Sight {
  readonly of: Side;
  readonly log: Side;
  readonly minutes: number;
}

export interface CheckProbesReport {
  readonly sights: readonly Sight[];
  /** Logs that did not answer. */
  readonly unreadable: readonly Side[];
}

/**
 * Looks for the latest probes of both regions in both logs. Home's own log, counts and alarms thus tell whether the
 * peer lives; nothing is asked of the peer. A log that does not answer is told apart from a log that lacks a probe. It
 * costs one call's budget, because both regions' probes are looked for at once.
 */
export async function checkProbes(ports: CheckProbesPorts, endMs: number): Promise<CheckProbesReport> {
  const logs = await Promise.all(sides.map(async (log) => ({ log, sights: await checkLog(log, ports, endMs) })));
  const sights = logs.flatMap((one) => one.sights ?? []);
  const unreadable = logs.filter((one) => one.sights === undefined).map(({ log }) => log);
  for (const { of, log, minutes } of sights) {
    ports.metrics.gauge(metricNames.probeAgeMinutes, minutes, { of, log });
    // Without `log`, the smallest value of a minute tells that no log has the probe, and the greatest that one log
    // lacks it.
    ports.metrics.gauge(metricNames.probeAgeMinutes, minutes, { of });
  }
  for (const log of unreadable) ports.metrics.count(metricNames.logUnreadable, 1, { log });
  return { sights, unreadable };
}

async function checkLog(log: Side, ports: CheckProbesPorts, endMs: number): Promise<readonly Sight[] | undefined> {
  const ages = await Promise.all(sides.map(async (of) => ({ of, minutes: await newestAge(of, log, ports, endMs) })));
  const sights = ages.flatMap(({ of, minutes }) => (minutes === undefined ? [] : [{ of, log, minutes }]));
  return sights.length === sides.length ? sights : undefined;
}

/** Looks minute by minute into the past. Undefined when the log does not say whether it has a probe. */
async function newestAge(of: Side, log: Side, { buckets, regions, clock }: CheckProbesPorts, endMs: number) {
  const minutes = recentMinutes(clock.nowMs(), lookBackMinutes + 1);
  for (const [age, startMs] of minutes.entries()) {
    if (clock.nowMs() >= endMs) return undefined;
    const found = await buckets[log].bucket.get(probeKey(regions[of], startMs), getBudgetMs);
    if (found.kind === 'ok') return age;
    if (callOutcome(found.answer) !== 'missing') return undefined;
  }
  return minutes.length;
}
