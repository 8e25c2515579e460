import type { DrillCheck, Evidence } from '../evidence/evidence.ts';
import { accounting } from './accounting.ts';
import { dataPlaneOnly } from './data-plane-only.ts';
import { owedSegments } from './debts.ts';
import { drained } from './drained.ts';
import { finalFigures } from './final-figures.ts';
import { noDeadLetters } from './no-dead-letters.ts';
import { noLoss } from './no-loss.ts';
import { nothingInvented } from './nothing-invented.ts';
import { provisionalFigures } from './provisional-figures.ts';
import { reconcileAgrees } from './reconciled.ts';
import { sameLines } from './same-lines.ts';
import { served } from './served.ts';
import { somethingTried } from './something-tried.ts';
import { stepsDone } from './steps-done.ts';

/**
 * Nothing here asks the system how it did: the audit reads both logs, both tables, the queues and the functions' own
 * lines, and compares them with what the drill itself has counted.
 */
const checks: readonly DrillCheck[] = [
  noLoss,
  nothingInvented,
  served,
  drained,
  dataPlaneOnly,
  noDeadLetters,
  sameLines,
  accounting,
  owedSegments,
  provisionalFigures,
  finalFigures,
  reconcileAgrees,
  somethingTried,
  stepsDone,
];

/** What broke, one line each; empty when every invariant held. */
export function runChecks(evidence: Evidence): readonly string[] {
  return checks.flatMap((check) => check(evidence));
}
