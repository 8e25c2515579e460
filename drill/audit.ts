import { accounting } from './checks/accounting.ts';
import { dataPlaneOnly } from './checks/data-plane-only.ts';
import { debts } from './checks/debts.ts';
import { drained } from './checks/drained.ts';
import { finalFigures } from './checks/final-figures.ts';
import { noDeadLetters } from './checks/no-dead-letters.ts';
import { noLoss } from './checks/no-loss.ts';
import { nothingInvented } from './checks/nothing-invented.ts';
import { provisionalFigures } from './checks/provisional-figures.ts';
import { reconcileAgrees } from './checks/reconciled.ts';
import { sameLines } from './checks/same-lines.ts';
import { served } from './checks/served.ts';
import { somethingTried } from './checks/something-tried.ts';
import { stepsDone } from './checks/steps-done.ts';
import type { Check, Evidence } from './evidence.ts';

/**
 * Nothing here asks the system how it did: the audit reads both logs, both tables, the queues and the functions' own
 * lines, and compares them with what the drill itself has counted.
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
  provisionalFigures,
  finalFigures,
  reconcileAgrees,
  somethingTried,
  stepsDone,
];

/** What broke, one line each; empty when every invariant held. */
export function audit(evidence: Evidence): readonly string[] {
  return checks.flatMap((check) => check(evidence));
}
