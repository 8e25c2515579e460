import { limits } from '../limits/limits.ts';
import { wordOf } from '../tracking/input/word.ts';
import { type CatalogItem, catalogItems, isRecord } from './items.ts';
import { unprovenPayProblems } from './unproven-pay.ts';
import { appSchemeOf } from './url-template.ts';

/**
 * Problems that concern two fields or two entries. They are looked for in the raw value of the file, so that one
 * mistake hides no other. Values that the schema reports are skipped.
 */
export function referenceProblems(file: unknown): string[] {
  const advertisers = catalogItems(file, '', 'advertisers');
  const affiliates = catalogItems(file, '', 'affiliates');
  const offers = catalogItems(file, '', 'offers');
  const creatives = catalogItems(file, '', 'creatives');
  const offersById = new Map(offers.map((offer) => [offer.id, offer]));
  const urls = offers.map(({ fields, path }) => catalogItems(fields, path, 'urls'));
  const goals = offers.map(({ fields, path }) => catalogItems(fields, path, 'goals'));
  return [
    ...[advertisers, affiliates, offers, creatives, ...urls, ...goals].flatMap((items) => taken(items, 'id')),
    ...goals.flatMap((items) => [...taken(items, 'name', asWord), ...taken(items, 'ref', asWord)]),
    ...unknownIds(offers, 'advertiser_id', advertisers, 'advertiser'),
    ...unknownIds(offers, 'redirect_offer_id', offers, 'offer'),
    ...unknownIds(creatives, 'offer_id', offers, 'offer'),
    ...offers.flatMap((offer) => redirectProblems(offer, offersById)),
    ...offers.flatMap((offer) => sides.flatMap((side) => moneyProblems(offer, side))),
    ...goals
      .flat()
      .flatMap((goal) => sides.filter((side) => hasTerms(goal, side)).flatMap((side) => moneyProblems(goal, side))),
    ...offers.flatMap(sessionProblems),
    ...offers.flatMap(uniqueClickProblems),
    ...advertisers.flatMap(tokenProblems),
    ...advertisers.flatMap(postbackKeyProblems),
    ...advertisers.flatMap(statusWordProblems),
    ...offers.flatMap(appLinkProblems),
    ...unprovenPayProblems(offers, advertisers, catalogItems(file, '', 'affiliate_terms')),
  ];
}

export const sides = ['payout', 'revenue'] as const;

/** Entries whose id, name or ref another entry has already. `compared` gives the form in which values are compared. */
export function taken(
  items: readonly CatalogItem[],
  field: 'id' | 'name' | 'ref',
  compared: (value: unknown) => unknown = (value) => value,
): string[] {
  const firstPaths = new Map<unknown, string>();
  return items.flatMap(({ fields, path }) => {
    const value = fields[field];
    if (value === undefined) return [];
    const first = firstPaths.get(compared(value));
    if (first !== undefined) return [`${path}.${field}: ${value} is already used by ${first}`];
    firstPaths.set(compared(value), path);
    return [];
  });
}

/** Postbacks name goals without regard to case. */
function asWord(value: unknown): unknown {
  return typeof value === 'string' ? wordOf(value) : value;
}

export function unknownIds(
  items: readonly CatalogItem[],
  field: string,
  targets: readonly CatalogItem[],
  word: string,
): string[] {
  const ids = new Set(targets.map(({ id }) => id));
  return items
    .filter(({ fields }) => typeof fields[field] === 'number' && !ids.has(fields[field]))
    .map(({ path, fields }) => `${path}.${field}: there is no ${word} ${fields[field]}`);
}

/**
 * Follows the redirect offers of one offer. They must not come back to it, and a click must be able to follow them all.
 */
function redirectProblems(offer: CatalogItem, byId: ReadonlyMap<unknown, CatalogItem>): string[] {
  const way = [offer];
  for (let next = redirectOf(offer, byId); next !== undefined; next = redirectOf(next, byId)) {
    if (next === offer) return [`${offer.path}.redirect_offer_id: the redirects form a circle, ${ids([...way, next])}`];
    // A circle that does not contain this offer is reported at its own offers.
    if (way.includes(next)) return [];
    way.push(next);
  }
  if (way.length - 1 <= limits.link.redirectOffersMax) return [];
  return [
    `${offer.path}.redirect_offer_id: a click would pass more than ${limits.link.redirectOffersMax} redirect offers, ${ids(way)}`,
  ];
}

function redirectOf(offer: CatalogItem, byId: ReadonlyMap<unknown, CatalogItem>): CatalogItem | undefined {
  const id = offer.fields['redirect_offer_id'];
  return id === undefined ? undefined : byId.get(id);
}

function ids(items: readonly CatalogItem[]): string {
  return items.map(({ id }) => id).join(' > ');
}

/** Nobody is sent to an app unless the offer says so. */
function appLinkProblems(offer: CatalogItem): string[] {
  const { app_schemes: listed } = offer.fields;
  const urls = catalogItems(offer.fields, offer.path, 'urls');
  return [
    { field: `${offer.path}.offer_url`, url: offer.fields['offer_url'] },
    ...urls.map(({ path, fields }) => ({ field: `${path}.url`, url: fields['url'] })),
  ].flatMap(({ field, url }) => {
    const scheme = appSchemeOf(String(url));
    if (scheme === undefined || (Array.isArray(listed) && listed.includes(scheme))) return [];
    return [`${field}: is a link to an app; list ${scheme} in app_schemes of the offer to allow it`];
  });
}

/** An absent type means `cpa_flat`, except in the terms of an affiliate. */
export function moneyProblems(
  { path, fields }: CatalogItem,
  side: (typeof sides)[number],
  type: unknown = fields[`${side}_type`] ?? 'cpa_flat',
): string[] {
  const needed =
    type === 'cpa_percentage' ? [`${side}_percent`] : type === 'cpa_both' ? [side, `${side}_percent`] : [side];
  return needed
    .filter((field) => fields[field] === undefined)
    .map((field) => `${path}.${field}: is missing; ${side}_type ${type} needs it`);
}

/** Whether a goal or an affiliate has its own terms on one side. Otherwise the offer's terms hold there. */
export function hasTerms({ fields }: CatalogItem, side: (typeof sides)[number]): boolean {
  return [side, `${side}_type`, `${side}_percent`].some((field) => fields[field] !== undefined);
}

function tokenProblems({ path, fields }: CatalogItem): string[] {
  const both = fields['security_token'] !== undefined && fields['security_token_hash'] !== undefined;
  return both ? [`${path}.security_token_hash: must be left out when security_token is given`] : [];
}

function postbackKeyProblems({ path, fields }: CatalogItem): string[] {
  const isIdle = fields['postback_keys'] !== undefined && fields['signed_postbacks'] !== true;
  return isIdle ? [`${path}.postback_keys: has no effect without signed_postbacks: true`] : [];
}

function sessionProblems({ path, fields }: CatalogItem): string[] {
  const { session_hours: hours, min_seconds_to_conversion: seconds } = fields;
  const leavesNone = typeof hours === 'number' && typeof seconds === 'number' && seconds >= hours * 3_600;
  return leavesNone
    ? [`${path}.min_seconds_to_conversion: lasts as long as session_hours: no conversion can count`]
    : [];
}

function uniqueClickProblems({ path, fields }: CatalogItem): string[] {
  const paysClicks = sides.some((side) => fields[`${side}_type`] === 'cpc');
  if (fields['pay_unique_clicks_only'] !== true || paysClicks) return [];
  return [`${path}.pay_unique_clicks_only: has no effect without payout_type or revenue_type cpc`];
}

/** The same word under two statuses: its meaning would depend on the order in which the code asks. */
function statusWordProblems({ path, fields }: CatalogItem): string[] {
  const words = isRecord(fields['status_words']) ? fields['status_words'] : {};
  const meanings = new Map<string, string>();
  return Object.entries(words).flatMap(([status, list]) =>
    (Array.isArray(list) ? list : []).flatMap((word) => {
      const first = meanings.get(wordOf(String(word)));
      meanings.set(wordOf(String(word)), first ?? status);
      return first === undefined || first === status
        ? []
        : [`${path}.status_words.${status}: ${wordOf(String(word))} already means ${first}`];
    }),
  );
}
