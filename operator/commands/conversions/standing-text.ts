import { type ConversionHistory, isHeldByCap } from '../../../core/conversions/conversion-history.ts';

/** `pending (approval)`, `reversed (rejected-by-operator), 1 conflict`, `approved, over cap: not paid` */
export function standingText(history: Pick<ConversionHistory, 'standing' | 'overCaps'>): string {
  const { status, pendingFor, reason, conflicts, isPaidOverCap } = history.standing;
  const why = pendingFor ?? reason;
  const disputed = conflicts.length === 0 ? '' : `, ${conflicts.length} conflict${conflicts.length === 1 ? '' : 's'}`;
  const capped = isHeldByCap(history) ? ', over cap: not paid' : isPaidOverCap ? ', paid over cap' : '';
  return `${status}${why === undefined ? '' : ` (${why})`}${disputed}${capped}`;
}
