import type { Postback, PostbackStanding } from '../catalog/catalog.ts';

/** The active postbacks that fire when a conversion reaches a standing, in the order of their ids. */
export type MatchPostbacks = (conversion: ConversionPlace, standing: PostbackStanding) => readonly Postback[];

interface ConversionPlace {
  readonly offerId: number;
  readonly affiliateId: number;
  /** 0: the default goal. */
  readonly goalId: number;
}

/** Every match fires: a postback for all offers fires beside one for a single offer. */
export function matchingPostbacks(postbacks: ReadonlyMap<number, Postback>): MatchPostbacks {
  const byPlace = new Map<string, Postback[]>();
  for (const postback of postbacks.values()) {
    if (postback.status !== 'active') continue;
    byPlace.set(placeOf(postback), [...(byPlace.get(placeOf(postback)) ?? []), postback]);
  }
  return ({ offerId, affiliateId, goalId }, standing) =>
    [0, offerId]
      .flatMap((offer_id) => [0, affiliateId].map((affiliate_id) => placeOf({ offer_id, affiliate_id })))
      .flatMap((place) => byPlace.get(place) ?? [])
      .filter(({ on, goal_id }) => on.includes(standing) && isOfGoal(goal_id, goalId))
      .toSorted((one, other) => one.id - other.id);
}

function placeOf({ offer_id, affiliate_id }: Pick<Postback, 'offer_id' | 'affiliate_id'>): string {
  return `${offer_id}/${affiliate_id}`;
}

/** Absent means the default goal, as at TUNE. 0 means every goal. */
function isOfGoal(goalOfPostback: number | undefined, goalId: number): boolean {
  return goalOfPostback === 0 || (goalOfPostback ?? 0) === goalId;
}
