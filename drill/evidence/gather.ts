import type { Clock } from '../../core/ports.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { finalFigures, provisionalFigures } from '../checks/figures.ts';
import { missingPostbacks } from '../checks/postbacks.ts';
import { goneEvents } from '../faults/lose-region.ts';
import type { Operate } from '../operate.ts';
import { capUses } from '../oracle/cap-uses.ts';
import type { CatalogText } from '../oracle/catalog-text.ts';
import { expectedEvents } from '../oracle/expected-event.ts';
import { expectedFigures, type FiguresByRow, hourOfRow } from '../oracle/expected-figures.ts';
import { expectedPostbacks } from '../oracle/expected-postbacks.ts';
import { storeWindowSeconds } from '../project.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { askLedgers, hoursOfKeys } from './ask-ledger.ts';
import type { Evidence } from './evidence.ts';
import { expectedOfStats } from './expected-of-stats.ts';
import { readFunctionLines } from './function-lines.ts';
import { lateClicks } from './late-clicks.ts';
import { readLog } from './log-view.ts';
import { readQueueViews } from './queue-view.ts';
import { readReceived } from './received.ts';
import { reconcile } from './reconcile.ts';
import { type RegionFigures, readFigures } from './region-figures.ts';
import { settle } from './settle.ts';
import type { CapsSeen } from './watch-caps.ts';

const lookIntervalMs = 500;

export interface GatherOptions extends Pick<Scenario, 'settleMs' | 'ledger' | 'releases'> {
  readonly catalog: CatalogText;
  /** When the load began, by the clock of the cloud. */
  readonly sinceMs: number;
  readonly operate: Operate;
  /** What the drill saw of the counts of caps while the load ran. */
  readonly capsSeen?: readonly CapsSeen[];
}

/**
 * Waits until the cloud has settled, but not much longer than `settleMs`. Then asks the ledgers to make all hours
 * final, or waits until they have done so by themselves. Returns everything that the checks read.
 */
export async function gatherEvidence(
  cloud: LocalCloud,
  clock: Clock,
  { settleMs, ledger, catalog, operate, sinceMs, releases, capsSeen = [] }: GatherOptions,
  played: Pick<Evidence, 'records' | 'faults' | 'steps' | 'nameTargets'>,
): Promise<Evidence> {
  const settlement = await settle(cloud, clock, settleMs);
  const plants = played.steps.flatMap(({ plant }) => plant ?? []);
  const logs = Object.entries(settlement.keys).map(([region, keys]) => readLog(cloud, region, keys, plants));
  const events = expectedEvents(played.records, logs, goneEvents(played.steps));
  const evidence = {
    ...played,
    settlement,
    plants,
    logs,
    queues: readQueueViews(cloud),
    functionLines: readFunctionLines(cloud),
    expected: expectedFigures(events, catalog),
    postbacks: owedBy(
      releases,
      expectedPostbacks(events, { catalog, sinceMs, isPatienceOver: isPatienceOver(played) }),
    ),
    expectedSoon: expectedOfStats(events, catalog, cloud.state().nowMs),
    lateClicks: capsSeen.length === 0 ? [] : lateClicks(capUses(events, catalog), capsSeen, storeWindowSeconds()),
  };
  const readProvisional = () => cloud.regions.map((region) => readFigures(cloud, region, 'provisional'));
  const provisional = await until(
    clock,
    settleMs,
    readProvisional,
    (read) => provisionalFigures({ ...evidence, provisional: read }).length === 0,
  );
  const readNow = () => readReceived(cloud);
  const isTold = (received: Evidence['received']) => missingPostbacks({ ...evidence, received }).length === 0;
  await until(clock, settleMs, readNow, isTold);
  const settledState = cloud.state();
  const hours = hoursConcerned(logs, evidence.expected);
  const asked = hours.filter((hour) => ledger === 'asked' || !isFinal(cloud, hour));
  const ledgerProblems = await askLedgers(cloud, asked, clock);
  const received = readReceived(cloud);
  const withFigures = (figures: readonly RegionFigures[]) => ({
    ...{ ...evidence, provisional, figures, received, ledgerProblems },
  });
  const patienceMs = ledger === 'asked' ? 0 : settleMs;
  const readFinal = () => cloud.regions.map((region) => readFigures(cloud, region, 'final'));
  const figures = await until(clock, patienceMs, readFinal, (read) => finalFigures(withFigures(read)).length === 0);
  // Taken before `reconcile`, whose calls are an operator's and not a function's.
  const state = cloud.state();
  return { ...withFigures(figures), state, settledState, reconciled: await reconcile(cloud, hours, operate) };
}

/** A postback waits for its click for 15 minutes. Without a fault the click is in the log long before. */
const clickPatienceMs = 900_000;

function isPatienceOver({ steps, faults }: Pick<Evidence, 'steps' | 'faults'>): boolean {
  const aheadMs = steps.reduce((sum, { action }) => sum + (action.kind === 'advance' ? action.ms : 0), 0);
  return faults.length > 0 && aheadMs >= clickPatienceMs;
}

/** A region with an earlier release may tell nobody. What the other region tells must be right all the same. */
function owedBy(releases: Scenario['releases'], due: Evidence['postbacks']): Evidence['postbacks'] {
  return Object.keys(releases).length === 0 ? due : due.map((one) => ({ ...one, isOwed: false }));
}

/** Hours with segments, and hours that events of other hours change. */
function hoursConcerned(logs: Evidence['logs'], { rows }: FiguresByRow): readonly string[] {
  const ofSegments = hoursOfKeys(logs.flatMap(({ segments }) => [...segments.keys()]));
  return [...new Set([...ofSegments, ...[...rows.keys()].map(hourOfRow)])].sort();
}

/** In every region that makes figures. No ledger makes an hour final by itself while the hour has only just begun. */
function isFinal(cloud: LocalCloud, hour: string): boolean {
  return cloud.regions
    .map((region) => readFigures(cloud, region, 'final'))
    .every((figures) => figures.kind === 'none' || (figures.revisions.get(hour) ?? 0) > 0);
}

/** Reads until `isFit`, but not longer than `patienceMs`. Returns the last reading. */
async function until<Reading>(
  clock: Clock,
  patienceMs: number,
  read: () => Reading,
  isFit: (reading: Reading) => boolean,
): Promise<Reading> {
  const startMs = clock.nowMs();
  for (;;) {
    const reading = read();
    if (isFit(reading) || clock.nowMs() - startMs >= patienceMs) return reading;
    await clock.sleep(lookIntervalMs);
  }
}
