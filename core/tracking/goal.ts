import type { Catalog, Goal, Offer } from '../catalog/catalog.ts';
import type { VerifiedTransaction } from '../event/transaction-id.ts';
import { idText, parseId } from './input/id.ts';
import type { Parameters } from './input/parameters.ts';
import { trimBlanks, wordOf } from './input/word.ts';

/** What a conversion was made for, as far as the catalog knows. */
export interface ConvertedGoal {
  /** Absent when the transaction is not ours, or the catalog does not know its offer. */
  readonly offer?: Offer;
  /** Absent when it is the offer's default goal. */
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

/** By its id, else by its reference, else by its name, with or without the id of its advertiser. */
function namedGoal(parameters: Parameters, { goals, advertiser_id }: Offer): Goal | undefined {
  const id = textOf(parameters, 'goal_id');
  if (id) return goals.find((goal) => goal.id === parseId(id));
  const reference = textOf(parameters, 'goal_ref');
  if (reference) return goalCalled(reference, 'ref', goals);
  const advertiserId = textOf(parameters, 'adv_id');
  if (advertiserId && parseId(advertiserId) !== advertiser_id) return undefined;
  return goalCalled(textOf(parameters, 'goal_name'), 'name', goals);
}

/** To the letter, else as words are compared, unless two goals have that word. */
function goalCalled(text: string, field: 'ref' | 'name', goals: readonly Goal[]): Goal | undefined {
  const exact = goals.find((goal) => goal[field] === text);
  if (exact) return exact;
  const similar = goals.filter((goal) => wordOf(goal[field] ?? '') === wordOf(text));
  return similar.length === 1 ? similar[0] : undefined;
}

/** What a postback says of a goal that its offer does not have, in the form in which words are compared. */
export function namedGoalText(parameters: Parameters): string {
  const named = ['goal_id', 'goal_ref', 'goal_name'].find((name) => textOf(parameters, name));
  return wordOf(textOf(parameters, named ?? ''));
}

function textOf({ known }: Parameters, name: string): string {
  return trimBlanks(known.get(name) ?? '');
}
