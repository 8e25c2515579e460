import { limits } from '../../core/limits/limits.ts';
import { hourMs, hourName, recentHours } from '../../core/log/log-key.ts';
import { metrics as metricNames } from '../../core/metrics.ts';
import { type Comparison, comparePeer } from './compare-peer.ts';
import { countDay } from './count-days.ts';
import type { Wanted } from './examine-hour.ts';
import type { Settled } from './settle-hour.ts';
import { type SettledHours, settleHours } from './settle-hours.ts';
import type { LedgerPorts, Step } from './steps.ts';
import { type LedgerTask, taskOf } from './task.ts';

const { close, review, sweep, timeoutSeconds, runMs, overdueMinutes } = limits.ledger;

export interface HourReport {
  /** UTC, for example `2026-11-23T05`. */
  readonly hour: string;
  /** `left`: another run has to do it, see `why`. The others are explained in settle-hour.ts. */
  readonly outcome: Settled['outcome'] | 'left';
  readonly why?: string;
  readonly revision?: number;
  readonly cause?: string;
  readonly segments?: number;
  readonly events?: number;
  /** Digest of the rows. Equal digests of both regions mean equal figures. */
  readonly figures?: string;
  /** Segments that neither log holds in a readable state. */
  readonly unreadable?: number;
}

export interface LedgerReport {
  readonly task: LedgerTask['task'];
  /** Hours that needed work, reopened ones included. Some of them may be left to another run. */
  readonly hours: readonly HourReport[];
  /** Days (UTC) whose visitors could not be counted in this run. */
  readonly daysLeft: readonly string[];
  readonly compared?: Comparison;
}

/** Time for the work that is in progress when a run ends. */
const reserveMs = timeoutSeconds * 1_000 - runMs;

/**
 * `{"task":"close"}` makes final the hours that are over, and again those that changed.
 * `{"task":"review"}` and `{"task":"sweep"}` look back further, read unreadable segments again and ask the peer's figures.
 * `{"task":"hours","hours":["2026-11-23T05"],"cause":"rebuild"}` makes the named hours final for an operator.
 * A run ends within `remainingMs`. Another run does what the report calls left.
 */
export function createLedger(ports: LedgerPorts): (event: unknown, remainingMs: number) => Promise<LedgerReport> {
  return async (event, remainingMs) => {
    const nowMs = ports.clock.nowMs();
    const task = taskOf(event, nowMs);
    const report = await perform(task, ports, nowMs + Math.min(runMs, remainingMs - reserveMs));
    if (task.task === 'close') ports.metrics.count(metricNames.ledgerRuns, 1);
    ports.log.info('hours made final', { report });
    return report;
  };
}

async function perform(task: LedgerTask, ports: LedgerPorts, endMs: number): Promise<LedgerReport> {
  const hours = hoursOf(task, ports.clock.nowMs());
  const settled = await settleHours(hours, wantedBy(task), ports, endMs);
  const daysLeft = await countDays([...hours, ...settled.keys()], ports, endMs);
  if (task.task === 'close' || task.task === 'review') noteOverdue(settled, ports);
  const looksBack = task.task === 'review' || task.task === 'sweep';
  const compared = looksBack ? { compared: await comparePeer(hours, ports, endMs) } : {};
  return { task: task.task, hours: [...settled].map(reportOf), daysLeft, ...compared };
}

/** Includes the current hour, because an operator may have made it final already. */
function hoursOf(task: LedgerTask, nowMs: number): readonly number[] {
  switch (task.task) {
    case 'close':
      return recentHours(nowMs, close.hours + 1);
    case 'review':
      return recentHours(nowMs, review.hours + 1);
    case 'sweep':
      return recentHours(nowMs, sweep.days * 24);
    case 'hours':
      return task.hours;
  }
}

/** Only the latest hours are made final when they are empty: hours before the region's deployment need no figures. */
function wantedBy(task: LedgerTask): Wanted {
  if (task.task === 'hours') return { cause: task.cause, emptyToo: true, unreadableToo: true };
  return { emptyToo: task.task === 'close', unreadableToo: task.task !== 'close' };
}

function reportOf([hourStartMs, step]: readonly [number, Step<Settled>]): HourReport {
  const hour = hourName(hourStartMs);
  if (step.kind === 'left') return { hour, outcome: 'left', why: step.why };
  const { outcome, manifest } = step.value;
  if (manifest === undefined) return { hour, outcome };
  const { revision, cause, segments, events, figuresDigest, unreadable } = manifest;
  return { hour, outcome, revision, cause, segments, events, figures: figuresDigest, unreadable: unreadable.length };
}

/** Counts the days that may have changed. A day that did not change costs a listing and a read. */
async function countDays(hours: readonly number[], ports: LedgerPorts, endMs: number): Promise<readonly string[]> {
  const days = new Set(hours.map((hour) => hourName(hour).slice(0, 10)));
  const daysLeft: string[] = [];
  for (const day of [...days].sort()) {
    const counted = ports.clock.nowMs() >= endMs ? undefined : await countDay(day, ports, endMs);
    if (counted?.kind === 'done') continue;
    if (counted) ports.log.warn('the visitors of a day are not counted', { day, why: counted.why });
    daysLeft.push(day);
  }
  return daysLeft;
}

function noteOverdue(settled: SettledHours, { clock, metrics }: LedgerPorts): void {
  const overdueMs = clock.nowMs() - hourMs - overdueMinutes * 60_000;
  const overdue = [...settled].filter(([hour, step]) => step.kind === 'left' && hour <= overdueMs);
  metrics.gauge(metricNames.hoursOverdue, overdue.length);
}
