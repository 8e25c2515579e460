import type { Catalog, Goal, Offer } from '../catalog/catalog.ts';
import type { VerifiedTransaction } from '../event/transaction-id.ts';
import { idText, parseId } from './input/id.ts';
import type { Parameters } from './input/parameters.ts';
import { trimBlanks, wordOf } from './input/word.ts';

/** The offer and the goal of a conversion, as far as the catalog knows them. */
export interface ConvertedGoal {
  /** Absent when the transaction id is not valid, or the catalog does not know its offer. */
  readonly offer?: Offer;
  /** Absent for the offer's default goal. */
  readonly goal?: Goal;
  /** 0 = the default goal; absent when the postback names one that the offer does not have. */
  readonly goalId?: number;
}

export function convertedGoal(verified: VerifiedTransaction, parameters: Parameters, catalog: Catalog): ConvertedGoal {
  const offer = verified.kind === 'valid' ? catalog.offers.get(verified.offerId) : undefined;
  if (offer === undefined) return { goalId: parseId(parameters.known.get('goal_id')) ?? 0 };
  if (namesNone(parameters)) return { offer, goalId: 0 };
  const goal = namedGoal(parameters, offer);
  return goal ? { offer, goal, goalId: goal.id } : { offer };
}

function namesNone(parameters: Parameters): boolean {
  const id = textOf(parameters, 'goal_id');
  return id ? /^0{1,10}$/.test(idText(id)) : !textOf(parameters, 'goal_ref') && !textOf(parameters, 'goal_name');
}

/**
 * The goal that a postback names by `goal_id`, else by `goal_ref`, else by `goal_name`. An `adv_id` beside the name
 * must be that of the offer's advertiser.
 */
function namedGoal(parameters: Parameters, { goals, advertiser_id }: Offer): Goal | undefined {
  const id = textOf(parameters, 'goal_id');
  if (id) return goals.find((goal) => goal.id === parseId(id));
  const reference = textOf(parameters, 'goal_ref');
  if (reference) return goalCalled(reference, 'ref', goals);
  const advertiserId = textOf(parameters, 'adv_id');
  if (advertiserId && parseId(advertiserId) !== advertiser_id) return undefined;
  return goalCalled(textOf(parameters, 'goal_name'), 'name', goals);
}

/** Finds a goal by exactly this text, else by the same word (`wordOf`), unless two goals have that word. */
function goalCalled(text: string, field: 'ref' | 'name', goals: readonly Goal[]): Goal | undefined {
  const exact = goals.find((goal) => goal[field] === text);
  if (exact) return exact;
  const similar = goals.filter((goal) => wordOf(goal[field] ?? '') === wordOf(text));
  return similar.length === 1 ? similar[0] : undefined;
}

/** The text by which a postback names a goal, in the form of `wordOf`. */
export function namedGoalText(parameters: Parameters): string {
  const named = ['goal_id', 'goal_ref', 'goal_name'].find((name) => textOf(parameters, name));
  return wordOf(textOf(parameters, named ?? ''));
}

function textOf({ known }: Parameters, name: string): string {
  return trimBlanks(known.get(name) ?? '');
}
