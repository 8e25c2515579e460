import { createHash } from 'node:crypto';
import type { Parameters } from './input/parameters.ts';
import { trimBlanks } from './input/word.ts';

/**
 * The same conversion has the same key in whichever region and on whichever day it is reported: 32 hex characters over
 * transaction, goal (0 = the default one) and, where several conversions of one click count, the advertiser's own id
 * for it. A postback without such an id is one and the same however often it comes, or every repetition would be paid.
 * A goal that its offer does not have stands there by its text.
 */
export function conversionKey(
  transactionId: string,
  goal: number | string,
  allowsSeveral: boolean,
  { known }: Parameters,
): string {
  const idGiven = (name: string) => trimBlanks(known.get(name) ?? '');
  const uniqueId = allowsSeveral ? idGiven('conversion_unique_id') || idGiven('adv_sub') : '';
  // As earlier releases wrote it, so that a conversion reported before and after a release is recognised.
  const parts = JSON.stringify([transactionId, goalParts(goal), uniqueId]);
  return createHash('sha256').update(parts).digest('hex').slice(0, 32);
}

function goalParts(goal: number | string): readonly string[] {
  if (goal === 0) return [];
  return typeof goal === 'number' ? ['id', String(goal)] : ['unknown', goal];
}
