import { limits } from '../../core/limits/limits.ts';
import { hourMs, hourName, recentHours } from '../../core/log/log-key.ts';
import { metrics } from '../../core/metrics.ts';
import { GroupMemory } from '../fold/fold-objects.ts';
import { FoldRun, LeftToNextRun } from '../fold/run.ts';
import { type Comparison, comparePeer } from './compare-peer.ts';
import { countDays } from './count-days.ts';
import { DayCalendar } from './day-calendar.ts';
import type { Wanted } from './due-work.ts';
import { countOverdueDays } from './overdue-days.ts';
import type { LedgerPorts } from './ports.ts';
import type { Settled, SettleOptions } from './settle-hour.ts';
import { countUnjudged, type LeftHour, orLeft, type SettledHours, settleHours } from './settle-hours.ts';
import { type LedgerTask, taskOf } from './task.ts';
import { toldHours } from './told-hours.ts';

const { close, review, sweep, timeoutSeconds, runMs, overdueMinutes } = limits.ledger;

export interface HourReport {
  /** UTC, for example `2026-11-23T05`. */
  readonly hour: string;
  /** `final`: a new revision is in force. `left`: another run has to do it, see `why`. */
  readonly outcome: 'final' | 'same' | 'left';
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
  /** Hours that needed work, also hours that lost a conversion. Some of them may be left to another run. */
  readonly hours: readonly HourReport[];
  /** Days whose visitors could not be counted in this run. */
  readonly daysLeft: readonly string[];
  readonly compared?: Comparison;
}

/** Time for the work that is in progress when a run ends. */
const reserveMs = timeoutSeconds * 1_000 - runMs;

/**
 * `{"task":"close"}` makes the latest hours final when they are over, and again when they have changed.
 * `{"task":"review"}` and `{"task":"sweep"}` look back further, read unreadable segments again and compare the regions.
 * `{"task":"hours","hours":["2026-11-23T05"],"cause":"rebuild","afresh":true}` makes the named hours final for an operator.
 * A run ends within `remainingMs`. Another run does what the report calls left.
 */
export function createLedger(ports: LedgerPorts): (event: unknown, remainingMs: number) => Promise<LedgerReport> {
  const memory = new GroupMemory();
  const calendar = new DayCalendar(ports.timeZone);
  return async (event, remainingMs) => {
    const nowMs = ports.clock.nowMs();
    const task = taskOf(event, nowMs);
    const run = new FoldRun(ports, nowMs + Math.min(runMs, remainingMs - reserveMs));
    const options = { ...wantedBy(task), memory, visitorsMax: ports.visitorsMax };
    const report = await perform(run, task, options, calendar);
    if (task.task === 'close') ports.metrics.count(metrics.ledgerRuns, 1);
    ports.log.info('hours made final', { report });
    return report;
  };
}

async function perform(
  run: FoldRun,
  task: LedgerTask,
  options: SettleOptions,
  calendar: DayCalendar,
): Promise<LedgerReport> {
  const hours = hoursOf(task, run.nowMs());
  const told = await toldBy(run, task);
  const settled = await settleHours(run, hours, told, options);
  const changed = [...settled.keys()].filter((hour) => settled.get(hour)?.outcome === 'final');
  const days = daysToCount(task, hours, changed, calendar);
  const daysLeft = await countDays(run, days, { calendar, visitorsMax: options.visitorsMax });
  if (task.task === 'close' || task.task === 'review') noteOverdue(run, settled);
  const report = { task: task.task, hours: [...settled].map(reportOf), daysLeft };
  if (task.task !== 'review' && task.task !== 'sweep') return report;
  await noteBacklog(run, task, hours, calendar);
  return { ...report, compared: await comparePeer(run, [...new Set([...hours, ...told])]) };
}

/** While home's log cannot be listed, no hour can be settled anyway. */
async function toldBy(run: FoldRun, task: LedgerTask): Promise<readonly number[]> {
  const told = await orLeft(run, async () => ({ outcome: 'known' as const, hours: await toldHours(run, task) }));
  return told.outcome === 'known' ? told.hours : [];
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
  if (task.task === 'hours') {
    const { cause, afresh } = task;
    return { cause, emptyToo: true, unreadableToo: true, afresh, receivedOnly: false };
  }
  return { emptyToo: task.task === 'close', unreadableToo: task.task !== 'close', afresh: false, receivedOnly: false };
}

function reportOf([hourStartMs, settled]: readonly [number, Settled | LeftHour]): HourReport {
  const hour = hourName(hourStartMs);
  if (settled.outcome === 'left') return { hour, ...settled };
  const { outcome, state } = settled;
  if (state === undefined) return { hour, outcome };
  const { revision, cause, segments, events, figuresDigest, unreadable } = state;
  return { hour, outcome, revision, cause, segments, events, figures: figuresDigest, unreadable: unreadable.length };
}

/** A review also looks at days whose count was left by an earlier run. */
function daysToCount(
  { task }: LedgerTask,
  hours: readonly number[],
  changed: readonly number[],
  calendar: DayCalendar,
): readonly string[] {
  const touched = task === 'close' ? changed : [...hours, ...changed];
  return [...new Set(touched.flatMap((hour) => calendar.daysOf(hour)))].sort();
}

function noteOverdue(run: FoldRun, settled: SettledHours): void {
  const overdueMs = run.nowMs() - hourMs - overdueMinutes * 60_000;
  const overdue = [...settled].filter(([hour, { outcome }]) => outcome === 'left' && hour <= overdueMs);
  run.ports.metrics.gauge(metrics.hoursOverdue, overdue.length);
}

/** Gauges of what later runs still have to do. No value when home's log does not answer. */
async function noteBacklog(
  run: FoldRun,
  { task }: LedgerTask,
  hours: readonly number[],
  calendar: DayCalendar,
): Promise<void> {
  if (task !== 'review') return;
  try {
    run.ports.metrics.gauge(metrics.hoursUnjudged, await countUnjudged(run, hours));
    run.ports.metrics.gauge(metrics.daysOverdue, await countOverdueDays(run, calendar));
  } catch (error) {
    if (!(error instanceof LeftToNextRun)) throw error;
    run.ports.log.warn('the backlog of the ledger is unknown', { why: error.message });
  }
}
