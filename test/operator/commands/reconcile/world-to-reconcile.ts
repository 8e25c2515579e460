import { listHour } from '../../../../eventlog/list-hour.ts';
import type { LogBucket } from '../../../../eventlog/log-buckets.ts';
import type { RegionLog } from '../../../../operator/commands/reconcile/reconcile-hour.ts';
import { type ComparedHour, reconcileHours } from '../../../../operator/commands/reconcile/reconcile-hours.ts';
import { FiguresReader } from '../../../../operator/figures/figures-reader.ts';
import { createFunction, type RegionName, regionNames, type SimulatedWorld } from '../../../../simulation/world.ts';
import { retentionDays } from '../../figures/figures-double.ts';
import { hours } from './counted-regions.ts';

/** Runs the operator's reconciliation over the models instead of AWS. */
export function reconciled(
  world: SimulatedWorld,
  regions: readonly RegionName[] = regionNames,
): Promise<readonly ComparedHour[]> {
  const logs = regions.map((region) => regionLog(world, region));
  return world.time.until(reconcileHours(hours, logs, () => {}));
}

function regionLog(world: SimulatedWorld, region: RegionName): RegionLog {
  const { ledger } = createFunction({ world, home: region, functionName: 'operator' });
  const { home, peer } = ledger.buckets;
  const place = { region, bucket: home.bucket, index: ledger.index, retentionDays };
  const reader = new FiguresReader(place, world.time);
  return { reader, log: logOf(home), otherLog: logOf(peer) };
}

function logOf({ name, bucket }: LogBucket): RegionLog['log'] {
  return {
    name,
    get: (key) => bucket.get(key, 1_000),
    segments: (hourStartMs) => listHour(bucket, hourStartMs, { pagesMax: 10, pageBudgetMs: 1_000 }),
    list: async () => ({ kind: 'ok', value: { objects: [], complete: true } }),
  };
}
