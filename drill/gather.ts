import type { Clock } from '../core/ports.ts';
import type { LocalCloud } from '../local/handle.ts';
import { askLedgers, hoursOfKeys } from './ask-ledger.ts';
import { finalFigures } from './checks/final-figures.ts';
import type { Evidence } from './evidence.ts';
import { type RegionFigures, readFinalFigures } from './final-figures.ts';
import { readFunctionLines } from './function-lines.ts';
import { readLog } from './log-view.ts';
import type { CatalogText } from './oracle/catalog-text.ts';
import { expectedFigures } from './oracle/expected-figures.ts';
import { happeningsOf } from './oracle/happening.ts';
import { hourOf } from './oracle/judge.ts';
import { provisionalCounts } from './provisional.ts';
import { readQueues } from './queue-view.ts';
import type { Scenario } from './scenario.ts';
import { settle } from './settle.ts';

const lookIntervalMs = 500;

export interface Gathering extends Pick<Scenario, 'settleMs' | 'releases' | 'ledger'> {
  readonly catalog: CatalogText;
}

/**
 * Waits until the cloud has settled, at most about `settleMs`, has the ledgers make final what there is (or waits until
 * they have by themselves), and reads everything that the checks judge by.
 */
export async function gatherEvidence(
  cloud: LocalCloud,
  clock: Clock,
  { settleMs, releases, ledger, catalog }: Gathering,
  played: Pick<Evidence, 'records' | 'faults' | 'steps' | 'leads'>,
): Promise<Evidence> {
  const settlement = await settle(cloud, clock, settleMs);
  const plants = played.steps.flatMap(({ plant }) => plant ?? []);
  const logs = Object.entries(settlement.keys).map(([region, keys]) => readLog(cloud, region, keys, plants));
  const rules = { catalog, earlier: new Set(Object.keys(releases)) };
  const happenings = happeningsOf(played.records, logs, rules.earlier);
  const evidence = {
    ...played,
    settlement,
    plants,
    logs,
    queues: readQueues(cloud),
    functionLines: readFunctionLines(cloud),
    expected: expectedFigures(happenings, rules),
  };
  await until(cloud, clock, settleMs, (figures) =>
    provisionalCounts(evidence, figures).every(({ counted, min }) => counted >= min),
  );
  const hours = new Set([
    ...hoursOfKeys(logs.flatMap(({ segments }) => [...segments.keys()])),
    ...happenings.map(({ id }) => hourOf(id)),
  ]);
  const ledgerProblems = ledger === 'asked' ? await askLedgers(cloud, [...hours].sort(), clock) : [];
  const judged = (figures: readonly RegionFigures[]): Evidence => ({
    ...evidence,
    figures,
    ledgerProblems,
    state: cloud.state(),
  });
  const patienceMs = ledger === 'asked' ? 0 : settleMs;
  return judged(await until(cloud, clock, patienceMs, (figures) => finalFigures(judged(figures)).length === 0));
}

/** Reads the tables of all regions until `isFit`, for so long at most, and gives what was read last. */
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
