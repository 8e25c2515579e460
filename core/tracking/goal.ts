import type { Catalog, Goal, Offer } from '../catalog/catalog.ts';
import type { VerifiedTransaction } from '../transaction-id.ts';
import { parseId } from './fields.ts';
import type { Parameters } from './parameters.ts';

/** What a conversion was made for, as far as the catalog knows. */
export interface Converted {
  /** Absent when the transaction is not ours, or the catalog does not know its offer. */
  readonly offer?: Offer;
  /** Absent when it is the offer's default goal. */
  readonly goal?: Goal;
  /** 0 = the default goal; absent when the postback names one that the offer does not have. */
  readonly goalId?: number;
}

export function convertedBy(verified: VerifiedTransaction, parameters: Parameters, catalog: Catalog): Converted {
  const offer = verified.kind === 'valid' ? catalog.offers.get(verified.offerId) : undefined;
  if (offer === undefined) return { goalId: parseId(parameters.known.get('goal_id')) ?? 0 };
  if (namesNone(parameters)) return { offer, goalId: 0 };
  const goal = namedGoal(parameters, offer);
  return goal ? { offer, goal, goalId: goal.id } : { offer };
}

function namesNone({ known }: Parameters): boolean {
  const id = known.get('goal_id');
  return id ? /^0{1,10}$/.test(id) : !known.get('goal_ref') && !known.get('goal_name');
}

/** By its id, else by its reference, else by its name, with or without the id of its advertiser. */
function namedGoal({ known }: Parameters, { goals, advertiser_id }: Offer): Goal | undefined {
  const id = known.get('goal_id');
  if (id) return goals.find((goal) => goal.id === parseId(id));
  const reference = known.get('goal_ref');
  if (reference) return goals.find(({ ref }) => ref === reference);
  const advertiserId = known.get('adv_id');
  if (advertiserId && parseId(advertiserId) !== advertiser_id) return undefined;
  return goals.find(({ name }) => name === known.get('goal_name'));
}
