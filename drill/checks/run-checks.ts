import type { DrillCheck, Evidence } from '../evidence/evidence.ts';
import { accounting } from './accounting.ts';
import { dataPlaneOnly } from './data-plane-only.ts';
import { drillValidity } from './drill-validity.ts';
import { finalFigures, provisionalFigures, reconcileAgrees } from './figures.ts';
import { clicksAfterCaps } from './late-clicks.ts';
import { noDeadLetters } from './no-dead-letters.ts';
import { noLoss } from './no-loss.ts';
import { nothingInvented } from './nothing-invented.ts';
import { operatorWords } from './operator-words.ts';
import { postbacks } from './postbacks.ts';
import { sameLines } from './same-lines.ts';
import { served } from './served.ts';
import { drained, owedSegments } from './settlement.ts';

/**
 * No check asks the system how well it did. The checks read both logs, the figures of both regions, the queues and the
 * functions' log lines, and compare them with the drill's own records.
 */
const checks: readonly DrillCheck[] = [
  noLoss,
  nothingInvented,
  operatorWords,
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
  postbacks,
  clicksAfterCaps,
  drillValidity,
];

/** One line for each broken invariant; empty when every invariant held. */
export function runChecks(evidence: Evidence): readonly string[] {
  return checks.flatMap((check) => check(evidence));
}
