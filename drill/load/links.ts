import {
  type AdvertiserText,
  accessFault,
  type CatalogText,
  isActiveAffiliate,
  isOpenOffer,
  landingOffer,
  type OfferText,
} from '../oracle/catalog-text.ts';

/** The links of a drill: shapes that affiliates and advertisers really use, with ids of the catalog. */

type Parameters = Readonly<Record<string, string>>;

/** A request. The oracle computes the expected figures from it, and from nothing that the system made of it. */
export interface Link {
  readonly page: '/aff_c' | '/aff_i' | '/aff_lsr' | '/aff_goal';
  readonly parameters: Parameters;
  /** The part of the query that has no influence on any figure. */
  readonly decoration?: string;
}

export function pathOf({ page, parameters, decoration = '' }: Link): string {
  return `${page}?${new URLSearchParams(parameters)}${decoration}`;
}

/** A click that was answered with a transaction id. */
export interface Transaction {
  readonly id: string;
  readonly click: Link;
}

/** The source of links. `day` is in UTC, for example `2026-11-23`. */
export interface LinkSource {
  readonly catalog: CatalogText;
  readonly day: string;
}

/** The share of links to an offer that takes no clicks, and the share of links of an affiliate who gets no credit. */
const astray = 0.04;

/**
 * The share of links to an unknown offer, and the share of an unknown affiliate. Unknown ids must not fill the figures.
 */
const madeUp = 0.01;

/** The share of links to offers whose advertisers prove with a token who they are. A catalog has few of them. */
const proven = 0.25;

/**
 * A third of the good clicks ask for JSON, like servers that need the transaction id; the others follow the redirect.
 */
export function drawClick(source: LinkSource, chance: () => number): Link {
  const { parameters, isGood } = drawPlace(source, chance);
  const decoration = pick(
    ['', '&aff_sub={clickid}', '&aff_sub=drill&source=a%20b&utm_medium=mail', '&aff_unique1=%C3%A9'],
    chance,
  );
  // A bad link with JSON gets a 404, which a drill could not tell from a failure.
  const format = isGood && chance() < 1 / 3 ? '&format=json' : '';
  return { page: '/aff_c', parameters, decoration: decoration + format };
}

export function drawImpression(source: LinkSource, chance: () => number): Link {
  return { page: '/aff_i', parameters: drawPlace(source, chance).parameters, decoration: '&file_id=162' };
}

function drawPlace({ catalog, day }: LinkSource, chance: () => number) {
  const offers = [...catalog.offers.values()];
  const affiliates = [...catalog.affiliates.values()];
  const isOpen = (offer: OfferText) => isOpenOffer(offer, day);
  const withToken = offers.filter((offer) => isOpen(offer) && tokenOf(offer, catalog) !== undefined);
  const offer = withToken.length > 0 && chance() < proven ? pick(withToken, chance) : drawOf(offers, isOpen, chance);
  const affiliate = drawOf(affiliates, ({ id }) => isActiveAffiliate(catalog, id), chance);
  const isAllowed = isActiveAffiliate(catalog, affiliate.id) && accessFault(catalog, offer, affiliate.id) === '';
  const isGood = isOpen(offer) && isAllowed;
  const place = { offer_id: String(offer.id), aff_id: String(affiliate.id) };
  const draw = chance();
  if (draw < madeUp) return { isGood: false, parameters: { ...place, offer_id: drawMadeUpId(chance) } };
  return draw < 2 * madeUp
    ? { isGood: false, parameters: { ...place, aff_id: drawMadeUpId(chance) } }
    : { isGood, parameters: place };
}

/** Far above the ids of any catalog here. */
function drawMadeUpId(chance: () => number): string {
  return String(2_000_000_000 + Math.floor(chance() * 1_000_000));
}

/** Mostly a good item; with the probability `astray` a bad one. */
function drawOf<Item>(items: readonly Item[], isGood: (item: Item) => boolean, chance: () => number): Item {
  const bad = items.filter((item) => !isGood(item));
  return pick(bad.length > 0 && chance() < astray ? bad : items.filter(isGood), chance);
}

/**
 * A conversion of the click's transaction. Some have a goal, a sub id, or a typical mistake of an advertiser's server.
 */
export function drawConversion(transaction: Transaction, source: LinkSource, chance: () => number): Link {
  const { catalog } = source;
  const offer = offerOf(transaction, source);
  return linkOf({
    transaction_id: transaction.id,
    ...drawAmount(chance),
    ...drawGoal(offer, chance),
    ...drawOwnId(chance),
    ...drawToken(offer, catalog, chance),
    ...drawPosted(offer && catalog.advertisers.get(offer.advertiser_id), chance),
  });
}

function linkOf(parameters: Parameters): Link {
  return 'goal_id' in parameters
    ? { page: '/aff_goal', parameters: { a: 'lsr', ...parameters } }
    : { page: '/aff_lsr', parameters };
}

/** Up to four decimals, so that a percentage of the amount has to be rounded. */
function drawAmount(chance: () => number): Parameters {
  if (chance() < 0.05) return {};
  return { amount: (1 + chance() * 100).toFixed(pick([0, 2, 2, 2, 4], chance)) };
}

function drawGoal(offer: OfferText | undefined, chance: () => number): Parameters {
  const draw = chance();
  if (draw < 0.02) return { goal_id: '999999' };
  const goals = offer?.goals ?? [];
  if (goals.length === 0 || draw < 0.4) return {};
  const { id, name, ref } = pick(goals, chance);
  if (ref !== undefined && draw < 0.55) return { goal_ref: ref };
  return draw < 0.7
    ? { goal_name: draw < 0.6 ? name.toLowerCase() : name, adv_id: String(offer?.advertiser_id) }
    : { goal_id: String(id) };
}

/** The advertiser's own id of the sale. It separates conversions of one click where the offer allows several. */
function drawOwnId(chance: () => number): Parameters {
  const draw = chance();
  const ownId = `sale-${Math.floor(chance() * 1_000)}`;
  if (draw < 0.15) return { adv_sub: ownId };
  return draw < 0.3 ? { conversion_unique_id: ownId } : {};
}

function drawToken(offer: OfferText | undefined, catalog: CatalogText, chance: () => number): Parameters {
  const { security_token: token, security_token_hash: hash } = catalog.advertisers.get(offer?.advertiser_id ?? 0) ?? {};
  if (token === undefined && hash === undefined) return {};
  const draw = chance();
  if (draw < 0.08) return {};
  return { security_token: token === undefined || draw < 0.16 ? 'not-the-token-at-all' : token };
}

function tokenOf({ advertiser_id: id }: OfferText, { advertisers }: CatalogText): string | undefined {
  return advertisers.get(id)?.security_token;
}

export const saleStatuses = ['approved', 'pending', 'rejected'] as const;
export type SaleStatus = (typeof saleStatuses)[number];

/** Statuses as other systems write them. */
const statusWords: Readonly<Record<SaleStatus, readonly string[]>> = {
  approved: ['approved', 'Confirmed'],
  pending: ['pending', 'On hold'],
  rejected: ['rejected', 'Rejected ', 'DECLINED'],
};
const unknownStatus = '99';

function drawPosted(advertiser: AdvertiserText | undefined, chance: () => number): Parameters {
  const draw = chance();
  if (draw < 0.03) return { test: '1' };
  if (draw < 0.04) return { status: unknownStatus };
  if (draw < 0.07) return { status: drawStatus(pick(saleStatuses, chance), advertiser, chance) };
  if (draw < 0.17) return { status: drawStatus('pending', advertiser, chance) };
  return draw < 0.3 ? { payout: (chance() * 5).toFixed(2), revenue: (chance() * 9).toFixed(3) } : {};
}

function drawStatus(status: SaleStatus, advertiser: AdvertiserText | undefined, chance: () => number): string {
  const own = (advertiser?.status_words?.[status] ?? []).map(String);
  return pick([...own, ...statusWords[status]], chance);
}

/** The same report again, another word about the same sale, or another sale or another goal of the same click. */
export function drawRepeat(before: Link, transaction: Transaction, source: LinkSource, chance: () => number): Link {
  const { parameters } = before;
  const draw = chance();
  if (draw < 0.3) return linkOf(parameters);
  if (draw < 0.7) return drawFollowUp(before, transaction, pick(saleStatuses, chance), source, chance);
  if (draw < 0.85) return linkOf({ ...parameters, ...drawOwnId(chance) });
  const { goal_id: _id, goal_ref: _ref, goal_name: _name, ...rest } = parameters;
  return linkOf({ ...rest, ...drawGoal(offerOf(transaction, source), chance) });
}

/** A later report of the same sale, with this status, the right token, and sometimes another amount. */
export function drawFollowUp(
  { parameters }: Link,
  transaction: Transaction,
  status: SaleStatus,
  source: LinkSource,
  chance: () => number,
): Link {
  const { test: _, ...rest } = parameters;
  const offer = offerOf(transaction, source);
  const token = offer && tokenOf(offer, source.catalog);
  return linkOf({
    ...rest,
    ...(chance() < 0.2 ? drawAmount(chance) : {}),
    ...(token !== undefined && { security_token: token }),
    status: drawStatus(status, offer && source.catalog.advertisers.get(offer.advertiser_id), chance),
  });
}

function offerOf({ click }: Transaction, { catalog, day }: LinkSource): OfferText | undefined {
  const { offer_id: offerId, aff_id: affiliateId } = click.parameters;
  return landingOffer(catalog, Number(offerId), Number(affiliateId), day);
}

/** The first transaction id in a redirect's address or a JSON answer: 36 base64url characters that are not a UUID. */
export function findTransactionId(text: string): string | undefined {
  return /(?<![\w-])(?![0-9a-f]{8}-)[\w-]{36}(?![\w-])/.exec(text)?.[0];
}

function pick<Item>(items: readonly Item[], chance: () => number): Item {
  const item = items[Math.floor(chance() * items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}
