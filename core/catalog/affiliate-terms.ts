import type { AffiliateTerms, AffiliateTermsIndex, DatedTerms } from './catalog.ts';

export function indexAffiliateTerms(all: readonly AffiliateTerms[]): AffiliateTermsIndex {
  const index = new Map<number, Map<number, Map<number, DatedTerms[]>>>();
  for (const terms of all) {
    const ofOffer = entry(index, terms.offer_id, () => new Map<number, Map<number, DatedTerms[]>>());
    const ofAffiliate = entry(ofOffer, terms.affiliate_id, () => new Map<number, DatedTerms[]>());
    const fromMs = terms.valid_from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(terms.valid_from);
    entry(ofAffiliate, terms.goal_id ?? 0, (): DatedTerms[] => []).push({ fromMs, terms });
  }
  for (const ofOffer of index.values())
    for (const ofAffiliate of ofOffer.values())
      for (const dated of ofAffiliate.values()) dated.sort((one, other) => (one.fromMs < other.fromMs ? 1 : -1));
  return index;
}

/** `goalId` 0: those for the whole offer. Undefined when the affiliate has no terms of its own for this side. */
export function affiliateTermsAt(
  index: AffiliateTermsIndex,
  side: 'payout' | 'revenue',
  [offerId, affiliateId, goalId]: readonly [number, number, number],
  timeMs: number,
): AffiliateTerms | undefined {
  const dated = index.get(offerId)?.get(affiliateId)?.get(goalId);
  return dated?.find(({ fromMs, terms }) => fromMs <= timeMs && terms[`${side}_type`] !== undefined)?.terms;
}

function entry<Value>(map: Map<number, Value>, key: number, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
