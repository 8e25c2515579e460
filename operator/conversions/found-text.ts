import type { LoggedEvent } from '../../core/event/event.ts';
import { limits } from '../../core/limits/limits.ts';
import { plural } from '../cli/format.ts';
import type { ConversionReference } from './conversion-reference.ts';
import type { FoundConversions } from './find-conversions.ts';

const { searchHoursAfterClick } = limits.decisions;

/** Why no conversion is found, and what was searched. */
export function notFoundText({ kind }: ConversionReference, { mayBeMore, isSearched }: FoundConversions): string {
  if (kind !== 'transaction') return `no such conversion is known; ${delay}`;
  const searched = isSearched ? `, also not within ${searchHoursAfterClick} hours after its click` : '';
  const remedy = mayBeMore
    ? 'name it by conversion_unique_id, by an event id or by its conversion key'
    : 'name one of an unknown goal by an event id or by its conversion key';
  return `no such conversion is known${searched}; ${remedy}; ${delay}`;
}

const delay = 'what came in within the last minutes may be missing';

/** Why the reference does not say which conversion is meant. Undefined when it does. */
export function ambiguityText({ histories, mayBeMore }: FoundConversions): string | undefined {
  if (histories.length < 2 && !mayBeMore) return undefined;
  const keys = histories.map(({ key, first }) => `${key} (goal ${goalOf(first)})`);
  const orders = mayBeMore
    ? '; in a file, goal_id names the goal, and conversion_unique_id an order of a goal that allows several'
    : '';
  return `the transaction has at least ${plural(histories.length, 'conversion')}: name one of ${keys.join(', ')}${orders}`;
}

/** A goal that the catalog did not know has no id. */
function goalOf({ goal_id: goal = 0, pending_for: pendingFor }: LoggedEvent): string {
  return pendingFor === 'goal-unknown' ? 'unknown' : `${goal}`;
}
