import type { ConversionStanding } from '../../../core/conversions/standing.ts';

/** `pending (approval)`, `reversed (rejected-by-operator), 1 conflict` */
export function standingText({ status, pendingFor, reason, conflicts }: ConversionStanding): string {
  const why = pendingFor ?? reason;
  const disputed = conflicts.length === 0 ? '' : `, ${conflicts.length} conflict${conflicts.length === 1 ? '' : 's'}`;
  return `${status}${why === undefined ? '' : ` (${why})`}${disputed}`;
}
