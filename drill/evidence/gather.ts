import type { Clock } from '../../core/ports.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { finalFigures } from '../checks/figures.ts';
import type { Operate } from '../faults/steps.ts';
import type { CatalogText } from '../oracle/catalog-text.ts';
import { hourOfEvent } from '../oracle/classify-event.ts';
import { type ExpectedEvent, expectedEvents } from '../oracle/expected-event.ts';
import { expectedFigures } from '../oracle/expected-figures.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { askLedgers, hoursOfKeys } from './ask-ledger.ts';
import type { Evidence } from './evidence.ts';
import { type RegionFigures, readFinalFigures } from './final-figures.ts';
import { readFunctionLines } from './function-lines.ts';
import { readLog } from './log-view.ts';
import { provisionalCounts } from './provisional-counts.ts';
import { readQueueViews } from './queue-view.ts';
import { reconcile } from './reconcile.ts';
import { settle } from './settle.ts';

const lookIntervalMs = 500;

export interface GatherOptions extends Pick<Scenario, 'settleMs' | 'releases' | 'ledger'> {
  readonly catalog: CatalogText;
  readonly operate: Operate;
}

/**
 * Waits until the cloud has settled, but not much longer than `settleMs`. Then asks the ledgers to make all hours
 * final, or waits until they have done so by themselves. Returns everything that the checks read.
 */
export async function gatherEvidence(
  cloud: LocalCloud,
  clock: Clock,
  { settleMs, releases, ledger, catalog, operate }: GatherOptions,
  played: Pick<Evidence, 'records' | 'faults' | 'steps' | 'nameTargets'>,
): Promise<Evidence> {
  const settlement = await settle(cloud, clock, settleMs);
  const plants = played.steps.flatMap(({ plant }) => plant ?? []);
  const logs = Object.entries(settlement.keys).map(([region, keys]) => readLog(cloud, region, keys, plants));
  const rules = { catalog, earlier: new Set(Object.keys(releases)) };
  const events = expectedEvents(played.records, logs, rules.earlier);
  const evidence = {
    ...played,
    settlement,
    plants,
    logs,
    queues: readQueueViews(cloud),
    functionLines: readFunctionLines(cloud),
    expected: expectedFigures(events, rules),
  };
  await until(cloud, clock, settleMs, (figures) =>
    provisionalCounts(evidence, figures).every(({ counted, min }) => counted >= min),
  );
  const settledState = cloud.state();
  const hours = hoursConcerned(logs, events);
  const asked = hours.filter((hour) => ledger === 'asked' || !isFinal(cloud, hour));
  const ledgerProblems = await askLedgers(cloud, asked, clock);
  const withFigures = (figures: readonly RegionFigures[]) => ({ ...evidence, figures, ledgerProblems });
  const patienceMs = ledger === 'asked' ? 0 : settleMs;
  const figures = await until(cloud, clock, patienceMs, (read) => finalFigures(withFigures(read)).length === 0);
  // Taken before `reconcile`, whose calls are an operator's and not a function's.
  const state = cloud.state();
  return { ...withFigures(figures), state, settledState, reconciled: await reconcile(cloud, hours, operate) };
}

function hoursConcerned(logs: Evidence['logs'], events: readonly ExpectedEvent[]): readonly string[] {
  const ofSegments = hoursOfKeys(logs.flatMap(({ segments }) => [...segments.keys()]));
  return [...new Set([...ofSegments, ...events.map(({ id }) => hourOfEvent(id))])].sort();
}

/** In every region that makes figures. No ledger makes an hour final by itself while the hour has only just begun. */
function isFinal(cloud: LocalCloud, hour: string): boolean {
  return cloud.regions
    .map((region) => readFinalFigures(cloud, region))
    .every((figures) => figures.kind === 'none' || figures.revisions.has(hour));
}

/** Reads the tables of all regions until `isFit`, but not longer than `patienceMs`. Returns the last reading. */
async function until(
  cloud: LocalCloud,
  clock: Clock,
  patienceMs: number,
  isFit: (figures: readonly RegionFigures[]) => boolean,
): Promise<readonly RegionFigures[]> {
  const startMs = clock.nowMs();
  for (;;) {
    const figures = cloud.regions.map((region) => readFinalFigures(cloud, region));
    if (isFit(figures) || clock.nowMs() - startMs >= patienceMs) return figures;
    await clock.sleep(lookIntervalMs);
  }
}
