import { createHash } from 'node:crypto';
import type { Offer } from '../catalog/catalog.ts';
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
  const uniqueId = allowsSeveral ? textOf(known, 'conversion_unique_id') || textOf(known, 'adv_sub') : '';
  // The same text as in earlier releases, so that a conversion reported before and after a deploy is recognised.
  return keyOf([transactionId, goalParts(goal), uniqueId]);
}

/**
 * The key of a conversion whose `conversion_unique_id` counts once in a wider scope than its click
 * (`unique_id_scope`). Undefined when the scope is the click, or when the postback has no such id: `conversionKey` then
 * gives the key. In the network an id counts once whatever its goal, as at TUNE.
 */
export function scopedConversionKey(
  { id, advertiser_id, unique_id_scope: scope = 'click' }: Offer,
  goal: number | string,
  { known }: Parameters,
): string | undefined {
  const uniqueId = textOf(known, 'conversion_unique_id');
  if (uniqueId === '') return undefined;
  switch (scope) {
    case 'click':
      return undefined;
    case 'offer':
      return keyOf([scope, id, goalParts(goal), uniqueId]);
    case 'advertiser':
      return keyOf([scope, advertiser_id, goalParts(goal), uniqueId]);
    case 'network':
      return keyOf([scope, uniqueId]);
  }
}

function textOf(known: Parameters['known'], name: string): string {
  return trimBlanks(known.get(name) ?? '');
}

function keyOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

function goalParts(goal: number | string): readonly string[] {
  if (goal === 0) return [];
  return typeof goal === 'number' ? ['id', String(goal)] : ['unknown', goal];
}
