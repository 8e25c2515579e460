import { isFinal } from '../../core/ledger/hour-state.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs, hourName, parseHourName, recentHours } from '../../core/log/log-key.ts';
import { metrics } from '../../core/metrics.ts';
import { foldHour } from '../fold/fold-hour.ts';
import { GroupMemory } from '../fold/fold-objects.ts';
import { generationOf, readState, type StoredState } from '../fold/hour-states.ts';
import { publishProvisional } from '../fold/publish-provisional.ts';
import { FoldRun } from '../fold/run.ts';
import type { StatsPorts } from './ports.ts';
import { createPublishCaps } from './publish-caps.ts';

const { hoursBack, runMs, timeoutSeconds } = limits.stats;

export interface StatsReport {
  /** The running hour first. */
  readonly hours: readonly HourFolding[];
}

export interface HourFolding {
  /** UTC, for example `2026-11-23T05`. */
  readonly hour: string;
  /** `final`: the ledger has made the hour final, so `stats` does not touch it. */
  readonly outcome: 'folded' | 'left' | 'final';
  readonly why?: string;
  /** Every segment that the log had at this moment is in the figures; ms since the epoch. Absent when unknown. */
  readonly foldedToMs?: number;
  readonly events?: number;
  /** Blocks of conversions that were not yet looked up in the index. */
  readonly unresolved?: number;
}

/** Time for the work that is in progress when a run ends. */
const reserveMs = timeoutSeconds * 1_000 - runMs;

/**
 * `stats`: folds what is new in the running hour and the hours before it into provisional figures. An hour that cannot
 * be folded now is left to the next run, a minute later. Then publishes which caps are closed. Runs may overlap. A run
 * ends within `remainingMs`.
 */
export function createStats(ports: StatsPorts): (event: unknown, remainingMs: number) => Promise<StatsReport> {
  const memory = new GroupMemory();
  const publishCaps = createPublishCaps(ports);
  return async (_event, remainingMs) => {
    const nowMs = ports.clock.nowMs();
    const run = new FoldRun(ports, nowMs + Math.min(runMs, remainingMs - reserveMs));
    const recent = recentHours(nowMs, hoursBack + 1);
    const foldings = new Map<number, HourFolding>();
    for (const hour of recent) foldings.set(hour, await foldOne(run, hour, memory));
    // An older hour can take conversions from a newer one whose figures this run has published already.
    const displaced = recent.filter((hour) => run.displacedHours.has(hour));
    for (const hour of displaced) foldings.set(hour, await foldOne(run, hour, memory));
    const hours = [...foldings.values()];
    note(run, hours);
    await publishCaps(run.until(run.nowMs() + limits.caps.runMs), Math.floor(foldedUpToMs(hours)));
    return { hours };
  };
}

async function foldOne(run: FoldRun, hourStartMs: number, memory: GroupMemory): Promise<HourFolding> {
  const hour = hourName(hourStartMs);
  let before: StoredState = {};
  try {
    before = await readState(run, hourStartMs);
    const { state: known } = before;
    if (known && isFinal(known)) return { hour, outcome: 'final', foldedToMs: known.foldedToMs };
    const folded = await foldHour(run, hourStartMs, { generation: generationOf(before), memory, unreadableToo: false });
    const state = await publishProvisional(run, folded, before);
    const { foldedToMs, unresolved } = folded;
    return { hour, outcome: 'folded', foldedToMs, unresolved, ...(state && { events: state.events }) };
  } catch (error) {
    const { state } = before;
    return { hour, outcome: 'left', why: run.whyLeft(error), ...(state && { foldedToMs: state.foldedToMs }) };
  }
}

function note(run: FoldRun, hours: readonly HourFolding[]): void {
  const { metrics: sink, log } = run.ports;
  sink.count(metrics.statsRuns, 1);
  sink.gauge(metrics.figuresAgeSeconds, Math.ceil((run.nowMs() - foldedUpToMs(hours)) / 1_000));
  sink.gauge(
    metrics.conversionsUnresolved,
    hours.reduce((sum, { unresolved = 0 }) => sum + unresolved, 0),
  );
  const left = hours.filter(({ outcome }) => outcome === 'left');
  if (left.length > 0) log.warn('hours are left to the next run', { left });
}

/** Up to which moment the figures have every event of the log. The start of the oldest hour when no hour is known. */
function foldedUpToMs(hours: readonly HourFolding[]): number {
  const newest = hours.find(({ foldedToMs }) => foldedToMs !== undefined);
  const oldestMs = parseHourName(hours.at(-1)?.hour ?? '');
  if (newest?.foldedToMs === undefined) return oldestMs;
  return Math.min(newest.foldedToMs, parseHourName(newest.hour) + hourMs);
}
