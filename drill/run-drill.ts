import { hourName } from '../core/log/log-key.ts';
import type { Clock } from '../core/ports.ts';
import type { CloudState, LocalCloud } from '../local/handle.ts';
import { runChecks } from './checks/run-checks.ts';
import type { Evidence } from './evidence/evidence.ts';
import { figuresProblems } from './evidence/figures-now.ts';
import { gatherEvidence } from './evidence/gather.ts';
import { grantRows } from './evidence/grants.ts';
import { type CloudObserver, observeCloud } from './evidence/observe-cloud.ts';
import { postbackProblems } from './evidence/postbacks-now.ts';
import { countStranded, unreachableRegions } from './evidence/stranded.ts';
import { type CapsSeen, capsIn } from './evidence/watch-caps.ts';
import { playFaults } from './faults/fault-player.ts';
import { type FaultWindow, faultWindows, troubledSpan } from './faults/fault-windows.ts';
import { type DrillStep, type PlayedStep, playSteps } from './faults/steps.ts';
import { partnerLabels } from './load/drill-postbacks.ts';
import { senderThrough } from './load/entry-point.ts';
import { everyRelease } from './load/every-release.ts';
import { LaterWords } from './load/later-words.ts';
import { OperatorDesk } from './load/operator-desk.ts';
import type { Sender } from './load/sender.ts';
import { countByType, totalOf } from './load/sent-record.ts';
import { warmUp } from './load/warm-up.ts';
import { startWorkload, type Workload } from './load/workload.ts';
import type { Operate } from './operate.ts';
import type { CatalogText } from './oracle/catalog-text.ts';
import { type DrillReport, measurementsOf } from './report/report.ts';
import { unmetExpectations } from './report/unmet-expectations.ts';
import type { Scenario } from './scenarios/scenario.ts';

export interface DrillTools {
  readonly clock: Clock;
  sender(origin: string): Sender;
  readonly operate: Operate;
  readonly progress: DrillProgress;
}

/** Is told what happens in a drill. Moments are in ms after the load began. */
export interface DrillProgress {
  warmingUp(): void;
  idling(durationMs: number): void;
  loadStarted(): void;
  faultStarted(window: FaultWindow, atMs: number): void;
  faultEnded(window: FaultWindow, strikes: number, atMs: number): void;
  stepBegun(step: DrillStep, atMs: number): void;
  stepDone(step: PlayedStep, atMs: number): void;
  /** Called several times a second. */
  looked(atMs: number, workload: Workload, state: CloudState): void;
  healed(atMs: number): void;
  settled(atMs: number): void;
}

const lookIntervalMs = 250;

/** Runs `scenario` against a fresh cloud that has the scenario's speed. The caller stops the cloud. */
export async function runDrill(
  cloud: LocalCloud,
  scenario: Scenario,
  catalog: CatalogText,
  tools: DrillTools,
): Promise<DrillReport> {
  const sender = senderThrough(scenario.entry, cloud, tools.sender);
  const ofRegions = cloud.regions.map((region) => tools.sender(cloud.urls.region[region] ?? ''));
  const desk = new OperatorDesk(tools.operate, cloud.urls.console);
  try {
    const voices = { sender, ofRegions, desk };
    return await drill(cloud, scenario, catalog, tools, voices);
  } finally {
    desk.close();
    await Promise.all([sender, ...ofRegions].map((one) => one.close()));
  }
}

/** Everybody who says something to the cloud in a drill. */
interface Voices {
  readonly sender: Sender;
  /** Advertisers who reach each region by its own address. */
  readonly ofRegions: readonly Sender[];
  readonly desk: OperatorDesk;
}

async function drill(
  cloud: LocalCloud,
  scenario: Scenario,
  catalog: CatalogText,
  tools: DrillTools,
  voices: Voices,
): Promise<DrillReport> {
  const { clock, progress } = tools;
  await Promise.all(partnerLabels.map((label) => cloud.openPartner(label)));
  progress.warmingUp();
  await warmUp(cloud, voices.sender.send, clock);
  if (scenario.steps.some(({ action }) => action.kind === 'decide' || action.kind === 'adjust'))
    await voices.desk.open();
  if (scenario.idleMs > 0) progress.idling(scenario.idleMs);
  await clock.sleep(scenario.idleMs);
  const stateAtStart = cloud.state();
  const startMs = clock.nowMs();

  const { observer, workload, stranded, capsSeen, ...played } = await play(cloud, scenario, catalog, tools, voices);
  const records = workload.records;
  const nameTargets = nameTargetsOf(scenario, cloud, observer, startMs);
  const evidence = await gatherEvidence(
    cloud,
    clock,
    { ...scenario, catalog, operate: tools.operate, sinceMs: stateAtStart.nowMs, capsSeen },
    { records, nameTargets, ...played },
  );
  const observed = await observer.stop();
  progress.settled(clock.nowMs() - startMs);

  const grants = grantRows(cloud.grants(), cloud.regions);
  const measurements = measurementsOf(scenario, evidence, { stranded, ...observed, stateAtStart, grants });
  const broken = [...runChecks(evidence), ...unmetExpectations(scenario.expect, measurements)];
  return { ...measurements, verdict: broken.length === 0 ? 'PASSED' : 'FAILED', broken };
}

/** Plays the load, the faults and the steps. Ends when all faults are over and every answer has come. */
async function play(
  cloud: LocalCloud,
  scenario: Scenario,
  catalog: CatalogText,
  { clock, progress, operate }: DrillTools,
  { sender, ofRegions, desk }: Voices,
) {
  const startMs = clock.nowMs();
  const sinceStartMs = () => clock.nowMs() - startMs;
  const cloudStartMs = cloud.state().nowMs;
  const windows = faultWindows(scenario.faults, scenario.durationMs);
  let stranded = countByType([]);
  const capsSeen: CapsSeen[] = [];

  progress.loadStarted();
  const isSkewed = Object.keys(scenario.releases).length > 0;
  const links = { catalog: isSkewed ? everyRelease(catalog) : catalog, day: hourName(startMs).slice(0, 10) };
  const workload = startWorkload({ ...scenario, links }, clock, sender.send);
  const observer = observeCloud(cloud, clock, {
    intervalMs: lookIntervalMs,
    troubleAtMs: startMs + (troubledSpan(windows)?.fromMs ?? 0),
    look: (state) => {
      progress.looked(sinceStartMs(), workload, state);
      if (scenario.catalog !== undefined) capsSeen.push(...capsIn(cloud, clock.nowMs()));
    },
  });
  const faultsPlayed = playFaults(cloud, windows, clock, {
    started: (window) => progress.faultStarted(window, sinceStartMs()),
    ending: (window) => {
      const now = countStranded(cloud, workload.records, unreachableRegions(window, cloud.regions));
      if (totalOf(now) > totalOf(stranded)) stranded = now;
    },
    ended: (window, strikes) => progress.faultEnded(window, strikes, sinceStartMs()),
  });
  const senders = (scenario.entry === 'regions' ? ofRegions : [sender, sender]).map(({ send }) => send);
  const later = new LaterWords({ workload, links, desk, senders, clock, seed: scenario.seed });
  const known = () => ({ records: workload.records, catalog, words: later.said });
  const stepsPlayed = playSteps(
    cloud,
    scenario.steps,
    {
      clock,
      operate,
      later,
      figuresProblems: (region) => figuresProblems(cloud, clock, region, known()),
      postbackProblems: (region) => postbackProblems(cloud, clock, region, { ...known(), sinceMs: cloudStartMs }),
    },
    {
      begun: (step) => progress.stepBegun(step, sinceStartMs()),
      done: (step) => progress.stepDone(step, sinceStartMs()),
    },
  );
  if (windows.length === 0) await workload.ended;
  const faults = await faultsPlayed;
  observer.healed();
  await workload.ended;
  progress.healed(sinceStartMs());
  await workload.answered;
  return { workload, observer, stranded, capsSeen, faults, steps: await stepsPlayed };
}

/** A load that goes to the own addresses of the regions does not depend on the tracking name. */
function nameTargetsOf(
  { entry }: Scenario,
  { regions }: LocalCloud,
  observer: CloudObserver,
  startMs: number,
): Evidence['nameTargets'] {
  if (entry === 'regions') return [{ sinceMs: 0, regions }];
  return observer.nameTargets.map((target) => ({ ...target, sinceMs: target.sinceMs - startMs }));
}
