import { hourName } from '../../../../core/log/log-key.ts';
import type { Bucket } from '../../../../core/ports.ts';
import { listHour } from '../../../../eventlog/list-hour.ts';
import type { RegionLog } from '../../../../operator/commands/reconcile/reconcile-hour.ts';
import { agrees, type ComparedHour, reconcileHours } from '../../../../operator/commands/reconcile/reconcile-hours.ts';
import { FiguresReader } from '../../../../operator/figures/figures-reader.ts';
import { createFunction, type RegionName, regionNames, type SimulatedWorld } from '../../../../simulation/world.ts';
import { early, itemsOf, later } from '../../../lambda/ledger/ledger-view.ts';

/** Runs the operator's reconciliation over the models instead of AWS. */

export const hours = [hourName(early), hourName(later)] as const;

export async function reconciled(
  world: SimulatedWorld,
  regions: readonly RegionName[] = regionNames,
  passBytesMax?: number,
): Promise<readonly ComparedHour[]> {
  const logs = regions.map((region) => ({
    ...regionLog(world, region),
    ...(passBytesMax !== undefined && { passBytesMax }),
  }));
  return world.time.until(reconcileHours(hours, logs, () => {}));
}

export function regionLog(world: SimulatedWorld, region: RegionName): RegionLog {
  const { ledger } = createFunction({ world, home: region, functionName: 'operator' });
  const { home, peer } = ledger.buckets;
  return { reader: new FiguresReader(region, ledger.table, world.time), log: logOf(home), otherLog: logOf(peer) };
}

function logOf({ name, bucket }: { readonly name: string; readonly bucket: Bucket }): RegionLog['log'] {
  return {
    name,
    get: (key) => bucket.get(key, 1_000),
    segments: (hourStartMs) => listHour(bucket, hourStartMs, { pagesMax: 10, pageBudgetMs: 1_000 }),
  };
}

/** `2026-11-23T03 us-east-1 late` for each differing hour, region and cause. */
export function verdicts(compared: readonly ComparedHour[]): readonly string[] {
  return compared
    .filter((one) => !agrees(one))
    .flatMap(({ hour, regions, failed, regionsDiffer }) => [
      ...regions
        .filter(({ differences }) => differences.length > 0)
        .map(({ region, causes }) => `${hour} ${region} ${causes.map(({ kind }) => kind).join()}`),
      ...failed.map(({ region, reason }) => `${hour} ${region} failed: ${reason}`),
      ...(regionsDiffer ? [`${hour} regions differ`] : []),
    ]);
}

/** Changes the table behind Keeptrack's back. */
export async function removeFinalRows(world: SimulatedWorld, region: RegionName): Promise<void> {
  const { ledger } = createFunction({ world, home: region, functionName: 'operator' });
  const rows = itemsOf(world, region).filter(({ sk }) => `${sk}`.includes('#f#'));
  const writes = rows.map(({ pk, sk }) => ({ kind: 'delete', key: { pk: `${pk}`, sk: `${sk}` } }) as const);
  await world.time.until(ledger.table.writeAll(writes, 1_000));
}
