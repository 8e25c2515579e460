import { createHash } from 'node:crypto';
import type { Parameters } from './input/parameters.ts';
import { trimBlanks } from './input/word.ts';

/**
 * The key by which repeated reports of one conversion are recognised, in either region and on any day. It is 32 hex
 * digits over the transaction id, the goal (0 = the default goal; text for an unknown goal) and, for offers that allow
 * several conversions of a click, the advertiser's own id of the conversion. Reports without that id have one key,
 * because otherwise every repetition would be paid.
 */
export function conversionKey(
  transactionId: string,
  goal: number | string,
  allowsSeveral: boolean,
  { known }: Parameters,
): string {
  const idGiven = (name: string) => trimBlanks(known.get(name) ?? '');
  const uniqueId = allowsSeveral ? idGiven('conversion_unique_id') || idGiven('adv_sub') : '';
  // The same text as in earlier releases, so that a conversion reported before and after a deploy is recognised.
  const parts = JSON.stringify([transactionId, goalParts(goal), uniqueId]);
  return createHash('sha256').update(parts).digest('hex').slice(0, 32);
}

function goalParts(goal: number | string): readonly string[] {
  if (goal === 0) return [];
  return typeof goal === 'number' ? ['id', String(goal)] : ['unknown', goal];
}
