import type { Catalog } from '../catalog/catalog.ts';
import type { Cap, CapOwner, OfferCaps } from './cap.ts';

/** An owner of caps, and how its events are counted. */
export interface CappedOwner extends CapOwner {
  readonly mode: OfferCaps['mode'];
  readonly countsGoals: boolean;
  /** The offer's. Money in another currency does not count. */
  readonly currency: string;
  /** At least one. */
  readonly caps: readonly Cap[];
}

/** The owners in a catalog that have caps, in order. */
export function cappedOwners({ caps, offers }: Pick<Catalog, 'caps' | 'offers'>): readonly CappedOwner[] {
  return [...caps].flatMap(([offerId, { mode, countsGoals, own, byAffiliate }]) => {
    const currency = offers.get(offerId)?.currency ?? '';
    const lists: readonly (readonly [number, readonly Cap[]])[] = [[0, own], ...byAffiliate];
    return lists
      .filter(([, list]) => list.length > 0)
      .map(([affiliateId, list]) => ({ offerId, affiliateId, mode, countsGoals, currency, caps: list }));
  });
}

/** Numbers owners, so that their sums can stand in one array. Finds the owners of a row without making a text. */
export class OwnerNumbers {
  readonly owners: readonly CappedOwner[];
  readonly #byOffer = new Map<number, Map<number, number>>();

  constructor(owners: readonly CappedOwner[]) {
    this.owners = owners;
    for (const [number, { offerId, affiliateId }] of owners.entries()) {
      const ofOffer = this.#byOffer.get(offerId) ?? new Map<number, number>();
      this.#byOffer.set(offerId, ofOffer);
      ofOffer.set(affiliateId, number);
    }
  }

  /** The owners whose caps count what this affiliate does at this offer: the offer, the affiliate, both or none. */
  of(offerId: number, affiliateId: number): readonly number[] {
    const ofOffer = this.#byOffer.get(offerId);
    if (ofOffer === undefined) return [];
    const [whole, one] = [ofOffer.get(0), affiliateId === 0 ? undefined : ofOffer.get(affiliateId)];
    if (whole === undefined) return one === undefined ? [] : [one];
    return one === undefined ? [whole] : [whole, one];
  }
}

/** Whether rows count for the same owners in the same way. Limits do not matter. */
export function sameOwners(one: OwnerNumbers, other: OwnerNumbers): boolean {
  return (
    one.owners.length === other.owners.length &&
    one.owners.every((owner, number) => howCounted(owner) === howCounted(other.owners[number]))
  );
}

function howCounted(owner: CappedOwner | undefined): string {
  return `${owner?.offerId} ${owner?.affiliateId} ${owner?.countsGoals} ${owner?.currency}`;
}
