import {
  type CatalogText,
  isActiveAffiliate,
  isOpenOffer,
  landingOffer,
  type OfferText,
} from '../oracle/catalog-text.ts';

/** The links that a drill follows: shapes that affiliates and advertisers really use, over the catalog's own ids. */

type Parameters = Readonly<Record<string, string>>;

/** A request, and what it says: the oracle judges by these words and by nothing that the system made of them. */
export interface Link {
  readonly page: '/aff_c' | '/aff_i' | '/aff_lsr' | '/aff_goal';
  readonly parameters: Parameters;
  /** Parameters that no figure hangs on, as they stand in the address. */
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

/** What the catalog offers to those who make links. `day`: UTC, for example `2026-11-23`. */
export interface LinkSource {
  readonly catalog: CatalogText;
  readonly day: string;
}

/** Of a hundred clicks, so many lead to an offer that takes none, and so many come by an affiliate who gets no credit. */
const astray = 0.04;

/** So many name an offer that there is not, and as many an affiliate: what is made up must not fill the figures. */
const madeUp = 0.01;

/** Every third click asks for JSON, as servers do that want the transaction id back; the others follow the redirect. */
export function drawClick(source: LinkSource, chance: () => number): Link {
  const { parameters, isGood } = drawPlace(source, chance);
  const decoration = pick(
    ['', '&aff_sub={clickid}', '&aff_sub=drill&source=a%20b&utm_medium=mail', '&aff_unique1=%C3%A9'],
    chance,
  );
  // What leads nowhere is answered 404 in JSON, which says nothing of how the system fares.
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
  const offer = drawOf(offers, isOpen, chance);
  const affiliate = drawOf(affiliates, ({ id }) => isActiveAffiliate(catalog, id), chance);
  const isGood = isOpen(offer) && isActiveAffiliate(catalog, affiliate.id);
  const place = { offer_id: String(offer.id), aff_id: String(affiliate.id) };
  const draw = chance();
  if (draw < madeUp) return { isGood: false, parameters: { ...place, offer_id: drawMadeUpId(chance) } };
  // The release before says of an offer that takes no clicks nothing about its affiliate.
  const isMadeUp = isOpen(offer) && draw < 2 * madeUp;
  return isMadeUp
    ? { isGood: false, parameters: { ...place, aff_id: drawMadeUpId(chance) } }
    : { isGood, parameters: place };
}

/** Far beyond those of any catalog here. */
function drawMadeUpId(chance: () => number): string {
  return String(2_000_000_000 + Math.floor(chance() * 1_000_000));
}

/** Mostly one that is good. */
function drawOf<Item>(items: readonly Item[], isGood: (item: Item) => boolean, chance: () => number): Item {
  const bad = items.filter((item) => !isGood(item));
  return pick(bad.length > 0 && chance() < astray ? bad : items.filter(isGood), chance);
}

/** A conversion by the click's transaction: some with a goal, a sub id, or what an advertiser's server gets wrong. */
export function drawConversion({ id, click }: Transaction, { catalog, day }: LinkSource, chance: () => number): Link {
  const offer = landingOffer(catalog, Number(click.parameters['offer_id']), day);
  return linkOf({
    transaction_id: id,
    ...drawAmount(chance),
    ...drawGoal(offer, chance),
    ...drawOwnId(chance),
    ...drawToken(offer, catalog, chance),
    ...drawPosted(chance),
  });
}

function linkOf(parameters: Parameters): Link {
  return 'goal_id' in parameters
    ? { page: '/aff_goal', parameters: { a: 'lsr', ...parameters } }
    : { page: '/aff_lsr', parameters };
}

/** Up to four digits behind the point, so that a percentage of it has to be rounded. */
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

/** The advertiser's own id for it, which tells conversions of one click apart where several are allowed. */
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

/** As other systems write them; the last one is a digit that nobody explained. */
const postedStatuses = ['pending', 'rejected', 'approved', 'Rejected ', 'DECLINED', 'On hold', 'Confirmed', '2'];

function drawPosted(chance: () => number): Parameters {
  const draw = chance();
  if (draw < 0.03) return { test: '1' };
  if (draw < 0.06) return { status: pick(postedStatuses, chance) };
  return draw < 0.2 ? { payout: (chance() * 5).toFixed(2), revenue: (chance() * 9).toFixed(3) } : {};
}

/** The same conversion once more, or another one of the same click: another goal, another sale. */
export function drawRepeat(
  { parameters }: Link,
  { click }: Transaction,
  source: LinkSource,
  chance: () => number,
): Link {
  const { goal_id: _id, goal_ref: _ref, goal_name: _name, ...rest } = parameters;
  const draw = chance();
  if (draw < 0.6) return linkOf(parameters);
  if (draw < 0.8) return linkOf({ ...parameters, ...drawOwnId(chance) });
  const offer = landingOffer(source.catalog, Number(click.parameters['offer_id']), source.day);
  return linkOf({ ...rest, ...drawGoal(offer, chance) });
}

/** The first transaction id in a redirect's address or in a JSON answer: 36 base64url characters that are no UUID. */
export function findTransactionId(text: string): string | undefined {
  return /(?<![\w-])(?![0-9a-f]{8}-)[\w-]{36}(?![\w-])/.exec(text)?.[0];
}

function pick<Item>(items: readonly Item[], chance: () => number): Item {
  const item = items[Math.floor(chance() * items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}
