import { inParallel } from '../../core/in-parallel.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourPrefix } from '../../core/log/log-key.ts';
import { shardsOf } from '../../core/log/log-shards.ts';
import { compareLogs, type Stretch } from '../../eventlog/compare-logs.ts';
import { type Copied, type CopyPorts, copySegment } from '../../eventlog/copy-segment.ts';
import type { StorageSwitchReader } from '../../eventlog/log-buckets.ts';

const { copiesAtOnceMax, comparedAtOnceMax } = limits.repair;

/** What the steps of one run share. */
export interface Run extends CopyPorts {
  readonly storage: StorageSwitchReader;
  /** How many copies ended in each way so far. */
  readonly copies: Record<Copied | 'left', number>;
  isOver(): boolean;
}

/** Gives the same items in the order of this run (start-elsewhere.ts). */
type RunOrder = <Item>(items: readonly Item[]) => readonly Item[];

/**
 * Compares hours of both logs and copies what one of them lacks. First compares one page of each hour, which is the
 * whole hour as a rule. Then goes through large hours shard by shard, each hour in turn. So an hour of some shards ends
 * early beside an hour of thousands. Gives the number of hours that were not compared to their end.
 */
export async function repairHours(hours: readonly number[], inRunOrder: RunOrder, run: Run): Promise<number> {
  const begun = await sideBySide(inRunOrder(hours), async (hour, copiesAtOnce) => ({
    hour,
    shards: await beginHour(hourPrefix(hour), run, copiesAtOnce),
  }));
  const large = begun.map(({ hour, shards = [] }) => inRunOrder(shards).map((prefix) => ({ hour, prefix })));
  const ended = await sideBySide(inTurn(large), async ({ hour, prefix }, copiesAtOnce) => ({
    hour,
    isWhole: await repairShard(prefix, run, copiesAtOnce),
  }));
  const skipped = begun.filter((one) => one.shards === undefined);
  return new Set([...skipped, ...ended.filter(({ isWhole }) => !isWhole)].map(({ hour }) => hour)).size;
}

/** The first item of each list, then the second of each, and so on. */
function inTurn<Item>(lists: readonly (readonly Item[])[]): readonly Item[] {
  const rounds = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) => lists.flatMap((list) => list.slice(round, round + 1))).flat();
}

/** Divides the copies that may run at once among the tasks. A single task gets all of them. */
function sideBySide<Item, Result>(
  items: readonly Item[],
  work: (item: Item, copiesAtOnce: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const width = Math.max(1, Math.min(comparedAtOnceMax, items.length));
  return inParallel(items, width, (item) => work(item, Math.floor(copiesAtOnceMax / width)));
}

/**
 * Gives the shards that are still to be compared; none when one page of each log was the whole hour. Undefined when the
 * first page was not repaired.
 */
async function beginHour(prefix: string, run: Run, copiesAtOnce: number): Promise<readonly string[] | undefined> {
  const stretch = await repairStretch(compareLogs(prefix, run.buckets), run, copiesAtOnce);
  if (stretch === undefined) return undefined;
  return stretch.end === undefined ? [] : shardsOf(prefix, stretch.end);
}

/** Whether the shard was compared to its end. */
async function repairShard(prefix: string, run: Run, copiesAtOnce: number): Promise<boolean> {
  const next = compareLogs(prefix, run.buckets);
  for (;;) {
    const stretch = await repairStretch(next, run, copiesAtOnce);
    if (stretch === undefined) return false;
    if (stretch.end === undefined) return true;
  }
}

/** Undefined when the stretch could not be compared, or some of its copies were not begun. */
async function repairStretch(
  next: () => Promise<Stretch | undefined>,
  run: Run,
  copiesAtOnce: number,
): Promise<Stretch | undefined> {
  await run.storage.refresh();
  const stretch = run.isOver() ? undefined : await next();
  const outcomes = await inParallel(stretch?.missing ?? [], copiesAtOnce, async (missing) => {
    const outcome = run.isOver() ? 'left' : await copySegment(missing, run);
    run.copies[outcome] += 1;
    return outcome;
  });
  return outcomes.includes('left') ? undefined : stretch;
}
