import { createHash } from 'node:crypto';
import type { Parameters } from './parameters.ts';

/**
 * The same conversion has the same key in whichever region and on whichever day it is reported: 32 hex characters over
 * transaction, goal (0 = the default one) and, where several conversions of one click count, the advertiser's own id
 * for it. A postback without such an id is one and the same however often it comes, or every repetition would be paid.
 */
export function conversionKey(
  transactionId: string,
  goalId: number,
  allowsSeveral: boolean,
  { known }: Parameters,
): string {
  const uniqueId = allowsSeveral ? known.get('conversion_unique_id') || known.get('adv_sub') || '' : '';
  // As earlier releases wrote it, so that a conversion reported before and after a release is recognised.
  const parts = JSON.stringify([transactionId, goalId === 0 ? [] : ['id', String(goalId)], uniqueId]);
  return createHash('sha256').update(parts).digest('hex').slice(0, 32);
}
