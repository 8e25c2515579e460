import { signedMicrosOf } from './amounts.ts';
import type { CapsText, CatalogText } from './catalog-text.ts';
import { timeOfEvent } from './event-time.ts';
import type { ExpectedEvent } from './expected-event.ts';
import { classifiedEvents, countedSales, type EventAndClass } from './expected-figures.ts';

/** What was done at the owner of a daily cap: an offer, or one affiliate at it. All of it is in the order of time. */
export interface CapUse {
  /** `3/0/click_cap` */
  readonly cap: string;
  readonly mode: string;
  /** When the cap was used up, ms since the epoch. Undefined when it never was. */
  readonly reachedAtMs: number | undefined;
  /** Clicks whose links name the offer, wherever they landed. */
  readonly askedAtMs: readonly number[];
  /** Clicks that landed on the offer. */
  readonly sentOn: readonly { readonly atMs: number; readonly region: string }[];
}

/** A drill is taken for one day. */
export function capUses(
  events: readonly ExpectedEvent[],
  catalog: CatalogText,
): { readonly uses: readonly CapUse[]; readonly clicksAtMs: readonly number[] } {
  const all = classifiedEvents(events, catalog).toSorted((one, other) => (one.event.id < other.event.id ? -1 : 1));
  const uses = [...clickUses(all), ...saleUses(all)].sort((one, other) => one.atMs - other.atMs);
  const clicks = all.filter(({ event }) => event.type === 'click');
  const ofCaps = ownersIn(catalog).flatMap(({ offerId, affiliateId, mode, countsGoals, caps }) => {
    const isOwn = (at: Place) => at.offerId === offerId && (affiliateId === 0 || at.affiliateId === affiliateId);
    const asked = clicks.filter(({ event: { parameters: named } }) =>
      isOwn({ offerId: Number(named['offer_id']), affiliateId: Number(named['aff_id']) }),
    );
    const sentOn = clicks.filter(({ classified }) => classified.counter === 'clicks' && isOwn(classified));
    const own = uses.filter((use) => isOwn(use) && (use.goalId === 0 || countsGoals));
    return limitsOf(caps).map(([name, limit]) => ({
      cap: `${offerId}/${affiliateId}/${name}`,
      mode,
      reachedAtMs: reachedAt(own, name, limit),
      askedAtMs: asked.map(({ event }) => timeOfEvent(event.id)),
      sentOn: sentOn.map(({ event: { id, region } }) => ({ atMs: timeOfEvent(id), region })),
    }));
  });
  return { uses: ofCaps, clicksAtMs: clicks.map(({ event }) => timeOfEvent(event.id)) };
}

type Place = Pick<EventAndClass['classified'], 'offerId' | 'affiliateId'>;

interface Use extends Place {
  readonly goalId: number;
  readonly atMs: number;
  /** By the name of the cap that counts it. */
  readonly amounts: Readonly<Record<keyof CapsText, bigint>>;
}

function clickUses(all: readonly EventAndClass[]): readonly Use[] {
  const clicks = all.filter(({ classified }) => classified.counter === 'clicks');
  return clicks.map(({ event, classified }) => ({
    ...classified,
    atMs: timeOfEvent(event.id),
    amounts: amountsOf({ conversion_cap: 0n, click_cap: 1n }, classified),
  }));
}

function saleUses(all: readonly EventAndClass[]): readonly Use[] {
  return countedSales(all).map(({ first: { event, classified }, standing }) => ({
    ...classified,
    atMs: timeOfEvent(event.id),
    amounts: amountsOf({ conversion_cap: 1n, click_cap: 0n }, standing),
  }));
}

function amountsOf(
  counts: Pick<Use['amounts'], 'conversion_cap' | 'click_cap'>,
  { payoutMicros, revenueMicros }: { readonly payoutMicros: bigint; readonly revenueMicros: bigint },
): Use['amounts'] {
  return { ...counts, payout_cap: payoutMicros, revenue_cap: revenueMicros };
}

function reachedAt(uses: readonly Use[], name: keyof CapsText, limit: bigint): number | undefined {
  let used = 0n;
  return uses.find(({ amounts }) => {
    used += amounts[name];
    return used >= limit;
  })?.atMs;
}

function ownersIn(catalog: CatalogText) {
  const ofAffiliates = catalog.affiliateCaps.map((caps) => ({ ...caps, offerId: caps.offer_id, caps }));
  const ofOffers = [...catalog.offers.values()].map((caps) => ({ affiliate_id: 0, offerId: caps.id, caps }));
  return [...ofOffers, ...ofAffiliates].map(({ offerId, affiliate_id: affiliateId, caps }) => {
    const { cap_mode: mode = 'soft', caps_count_goals: countsGoals = false } = catalog.offers.get(offerId) ?? {};
    return { offerId, affiliateId, mode, countsGoals, caps };
  });
}

function limitsOf({ conversion_cap, payout_cap, revenue_cap, click_cap }: CapsText) {
  const all: readonly (readonly [keyof CapsText, bigint])[] = [
    ['conversion_cap', BigInt(conversion_cap ?? 0)],
    ['payout_cap', signedMicrosOf(payout_cap ?? '0')],
    ['revenue_cap', signedMicrosOf(revenue_cap ?? '0')],
    ['click_cap', BigInt(click_cap ?? 0)],
  ];
  return all.filter(([, limit]) => limit > 0n);
}
