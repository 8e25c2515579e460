import type { Clock } from '../core/ports.ts';
import type { CloudState, LocalCloud } from '../local/handle.ts';
import { audit, gatherEvidence } from './audit.ts';
import { unmetExpectations } from './expectations.ts';
import { playFaults } from './fault-player.ts';
import { type FaultWindow, faultWindows, troubledSpan } from './fault-windows.ts';
import type { LinkIds } from './links.ts';
import { figuresOf, type Report } from './report.ts';
import type { Scenario } from './scenario.ts';
import type { Sender } from './sender.ts';
import { countStranded, unreachableRegions } from './stranded.ts';
import { warmUp } from './warm-up.ts';
import { startWatch } from './watch.ts';
import { startWorkload, type Workload } from './workload.ts';

export interface DrillTools {
  readonly clock: Clock;
  sender(origin: string): Sender;
  readonly progress: DrillProgress;
}

/** What a person who waits wants to see. Moments are ms after the load began. */
export interface DrillProgress {
  warmingUp(): void;
  loadStarted(): void;
  faultStarted(window: FaultWindow, atMs: number): void;
  faultEnded(window: FaultWindow, strikes: number, atMs: number): void;
  /** Called all the time; how often something is shown is up to the listener. */
  looked(atMs: number, workload: Workload, state: CloudState): void;
  healed(atMs: number): void;
  settled(atMs: number): void;
}

const lookIntervalMs = 250;

/** Runs `scenario` against a cloud that was just started and has its speed; leaves stopping the cloud to the caller. */
export async function runDrill(
  cloud: LocalCloud,
  scenario: Scenario,
  ids: LinkIds,
  tools: DrillTools,
): Promise<Report> {
  const sender = tools.sender(cloud.urls.name);
  try {
    return await drill(cloud, scenario, ids, tools, sender);
  } finally {
    await sender.close();
  }
}

async function drill(
  cloud: LocalCloud,
  scenario: Scenario,
  ids: LinkIds,
  { clock, progress }: DrillTools,
  sender: Sender,
): Promise<Report> {
  progress.warmingUp();
  await warmUp(cloud, sender.send, clock);
  const stateAtStart = cloud.state();
  const startMs = clock.nowMs();
  const sinceStartMs = () => clock.nowMs() - startMs;
  const windows = faultWindows(scenario.faults, scenario.durationMs);
  let stranded = 0;

  progress.loadStarted();
  const workload = startWorkload({ ...scenario, ids }, clock, sender.send);
  const watch = startWatch(cloud, clock, {
    intervalMs: lookIntervalMs,
    troubleAtMs: startMs + (troubledSpan(windows)?.fromMs ?? 0),
    look: (state) => progress.looked(sinceStartMs(), workload, state),
  });
  const faultsPlayed = playFaults(cloud, windows, clock, {
    started: (window) => progress.faultStarted(window, sinceStartMs()),
    ending: (window) => {
      const unreachable = unreachableRegions(window, cloud.regions);
      stranded = Math.max(stranded, countStranded(cloud, workload.records, unreachable));
    },
    ended: (window, strikes) => progress.faultEnded(window, strikes, sinceStartMs()),
  });
  if (windows.length === 0) await workload.ended;
  const faults = await faultsPlayed;
  watch.healed();
  await workload.ended;
  progress.healed(sinceStartMs());
  await workload.answered;
  const evidence = await gatherEvidence(cloud, clock, scenario.settleMs, {
    records: workload.records,
    faults,
  });
  const { shiftMs, drainMs } = await watch.stop();
  progress.settled(sinceStartMs());

  const figures = figuresOf(scenario, evidence, { stranded, shiftMs, drainMs, stateAtStart });
  const broken = [...audit(evidence), ...unmetExpectations(scenario.expect, figures)];
  return { ...figures, verdict: broken.length === 0 ? 'PASSED' : 'FAILED', broken };
}
