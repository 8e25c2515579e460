import { inParallel } from '../../core/in-parallel.ts';
import { parseToldKey, toldPrefixOf } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs, hourName, recentHours } from '../../core/log/log-key.ts';
import type { FoldRun } from '../fold/run.ts';
import type { LedgerTask } from './task.ts';

const { close, review, sweep, hoursAtOnceMax } = limits.ledger;

/**
 * Starts of the hours that received something from other hours lately, also of hours that no listing of the log would
 * look at any more. A run that ends early leaves its pointers to the next ones.
 */
export async function toldHours(run: FoldRun, { task }: LedgerTask): Promise<readonly number[]> {
  const prefixes = [...deliveriesOf(task, run.nowMs())].map(toldPrefixOf);
  const listed = await inParallel(prefixes, hoursAtOnceMax, (prefix) => run.list(prefix));
  return [...new Set(listed.flat().flatMap(({ key }) => parseToldKey(key) ?? []))];
}

/** Names of hours or days in which something was delivered. */
function deliveriesOf(task: LedgerTask['task'], nowMs: number): ReadonlySet<string> {
  switch (task) {
    case 'close':
      return new Set(recentHours(nowMs, close.toldHours).map(hourName));
    case 'review':
      return latestDays(nowMs, review.toldDays);
    case 'sweep':
      return latestDays(nowMs, sweep.toldDays);
    case 'hours':
      return new Set();
  }
}

function latestDays(nowMs: number, count: number): ReadonlySet<string> {
  return new Set(Array.from({ length: count + 1 }, (_, back) => hourName(nowMs - back * 24 * hourMs).slice(0, 10)));
}
