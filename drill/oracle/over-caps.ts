import { signedMicrosOf } from './amounts.ts';
import type { CapsText, CatalogText } from './catalog-text.ts';
import { dayOf } from './event-time.ts';

/**
 * Which conversions are over a daily hard cap, worked out from the catalog's text and from what was sent. It shares no
 * code with core/caps. Clicks with hard caps are not worked out: no catalog of a drill has them.
 */

/** A conversion that is approved or pending. */
export interface CountedSale {
  /** Event id of its first report, which is its place in the order. */
  readonly id: string;
  readonly offerId: number;
  readonly affiliateId: number;
  readonly goalId: number;
  readonly payoutMicros: bigint;
  readonly revenueMicros: bigint;
}

/** One limit that all conversions of an offer and day share, or those of one affiliate. */
interface Limit {
  readonly name: string;
  readonly limit: bigint;
  readonly takes: (sale: CountedSale) => bigint;
}

/** The ids of those without room, in the order in which they came. */
export function salesOverCaps(sales: readonly CountedSale[], catalog: CatalogText): ReadonlySet<string> {
  const used = new Map<string, bigint>();
  const over = new Set<string>();
  for (const sale of sales.toSorted((one, other) => (one.id < other.id ? -1 : 1))) {
    const limits = limitsOn(sale, catalog).map((limit) => ({ ...limit, key: `${dayOf(sale.id)} ${limit.name}` }));
    const isFull = limits.some(({ key, limit, takes }) => {
      const more = takes(sale);
      return more > 0n && (used.get(key) ?? 0n) + more > limit;
    });
    if (isFull) over.add(sale.id);
    else for (const { key, takes } of limits) used.set(key, (used.get(key) ?? 0n) + takes(sale));
  }
  return over;
}

/** Hard caps only, and only if conversions of this goal count. */
function limitsOn({ offerId, affiliateId, goalId }: CountedSale, catalog: CatalogText): readonly Limit[] {
  const offer = catalog.offers.get(offerId);
  if (offer?.cap_mode !== 'hard' || (goalId !== 0 && !offer.caps_count_goals)) return [];
  const own = catalog.affiliateCaps.find((one) => one.offer_id === offerId && one.affiliate_id === affiliateId);
  return [...dailyLimits(`${offerId}/0`, offer), ...(own ? dailyLimits(`${offerId}/${affiliateId}`, own) : [])];
}

function dailyLimits(owner: string, { conversion_cap, payout_cap, revenue_cap }: CapsText): readonly Limit[] {
  const all: readonly Limit[] = [
    { name: `${owner}/conversion_cap`, limit: BigInt(conversion_cap ?? 0), takes: () => 1n },
    {
      name: `${owner}/payout_cap`,
      limit: signedMicrosOf(payout_cap ?? '0'),
      takes: ({ payoutMicros }) => payoutMicros,
    },
    {
      name: `${owner}/revenue_cap`,
      limit: signedMicrosOf(revenue_cap ?? '0'),
      takes: ({ revenueMicros }) => revenueMicros,
    },
  ];
  return all.filter(({ limit }) => limit > 0n);
}
