import type { Clock } from '../core/ports.ts';
import type { LocalCloud } from '../local/handle.ts';
import { accounting } from './checks/accounting.ts';
import { dataPlaneOnly } from './checks/data-plane-only.ts';
import { debts } from './checks/debts.ts';
import { drained } from './checks/drained.ts';
import { noDeadLetters } from './checks/no-dead-letters.ts';
import { noLoss } from './checks/no-loss.ts';
import { nothingInvented } from './checks/nothing-invented.ts';
import { sameLines } from './checks/same-lines.ts';
import { served } from './checks/served.ts';
import { somethingTried } from './checks/something-tried.ts';
import { stepsDone } from './checks/steps-done.ts';
import type { Check, Evidence } from './evidence.ts';
import { readFunctionLines } from './function-lines.ts';
import { readLog } from './log-view.ts';
import { readQueues } from './queue-view.ts';
import { settle } from './settle.ts';

/**
 * The invariants as far as they can be judged without final figures: I5 and most of I2 come with the ledger. Nothing here asks
 * the system how it did; the audit reads both logs, the queues and the functions' own lines.
 */
const checks: readonly Check[] = [
  noLoss,
  nothingInvented,
  served,
  drained,
  dataPlaneOnly,
  noDeadLetters,
  sameLines,
  accounting,
  debts,
  somethingTried,
  stepsDone,
];

/** What broke, one line each; empty when every invariant held. */
export function audit(evidence: Evidence): readonly string[] {
  return checks.flatMap((check) => check(evidence));
}

/** Waits until the cloud has settled, at most about `patienceMs`, and reads everything that the checks judge by. */
export async function gatherEvidence(
  cloud: LocalCloud,
  clock: Clock,
  patienceMs: number,
  played: Pick<Evidence, 'records' | 'faults' | 'steps' | 'leads'>,
): Promise<Evidence> {
  const settlement = await settle(cloud, clock, patienceMs);
  return {
    ...played,
    settlement,
    logs: Object.entries(settlement.keys).map(([region, keys]) => readLog(cloud, region, keys)),
    queues: readQueues(cloud),
    functionLines: readFunctionLines(cloud),
    state: cloud.state(),
  };
}
