import { isKnownCurrency } from '../money/currency.ts';
import { isAbove, parseExactDecimal, zero } from '../money/decimal.ts';
import { macroNames } from '../tracking/macros.ts';
import { currencyOf, digitsProblems } from './affiliate-references.ts';
import { capWarnings } from './cap-references.ts';
import { type CatalogItem, catalogItems, isRecord } from './items.ts';
import { postbackWarnings } from './postback-rules.ts';
import { hasTerms, sides } from './references.ts';
import { httpWarnings, type KnownMacros, macroWarnings, queryWarnings } from './url-warnings.ts';

/**
 * What a valid catalog may contain and what loses money all the same. They are looked for in the raw value of the file,
 * so that each names its place there. Offers that take no clicks any more are left out.
 */
export function catalogWarnings(file: unknown): string[] {
  const network = isRecord(file) && isRecord(file['network']) ? file['network'] : {};
  const offers = catalogItems(file, '', 'offers').filter(({ fields }) => !isOver(fields['status']));
  return [
    ...httpWarnings('network.default_url', network['default_url']),
    ...currencyWarnings('network.currency', network['currency']),
    ...offers.flatMap((offer) => [...urlsOf(offer).flatMap(urlWarnings), ...moneyWarnings(file, offer)]),
    ...offers.flatMap(({ path, fields }) => currencyWarnings(`${path}.currency`, fields['currency'])),
    ...capWarnings(file),
    ...postbackWarnings(catalogItems(file, '', 'postbacks')),
  ];
}

function isOver(status: unknown): boolean {
  return status === 'deleted' || status === 'expired';
}

interface LandingUrl {
  readonly path: string;
  readonly url: string;
  /** Whether the advertiser reports conversions, so that it needs the transaction id. */
  readonly hasConversions: boolean;
}

function urlsOf({ path, fields }: CatalogItem): readonly LandingUrl[] {
  const paidByView = sides.every((side) => fields[`${side}_type`] === 'cpc' || fields[`${side}_type`] === 'cpm');
  const hasConversions = !paidByView || catalogItems(fields, path, 'goals').length > 0;
  const urls = catalogItems(fields, path, 'urls').map((one) => ({ path: `${one.path}.url`, url: one.fields['url'] }));
  return [{ path: `${path}.offer_url`, url: fields['offer_url'] }, ...urls].map((one) => ({
    path: one.path,
    url: String(one.url),
    hasConversions,
  }));
}

function urlWarnings({ path, url, hasConversions }: LandingUrl): string[] {
  return [
    ...httpWarnings(path, url),
    ...(hasConversions && !url.includes(transactionMacro)
      ? [`${path}: has no ${transactionMacro}, so the advertiser cannot report conversions`]
      : []),
    ...macroWarnings(path, url, landingMacros),
    ...fragmentWarnings(path, url, hasConversions),
    ...queryWarnings(path, url),
  ];
}

const transactionMacro = '{transaction_id}';

const landingMacros: KnownMacros = {
  names: macroNames(),
  otherNames: { clickid: 'transaction_id', tid: 'transaction_id', country: 'country_code' },
};

/** No server sees what stands behind `#`. */
function fragmentWarnings(path: string, url: string, hasConversions: boolean): string[] {
  if (!url.startsWith('http')) return [];
  const [, fragment] = /#(.*)$/.exec(url) ?? [];
  if (fragment === undefined) return [];
  if (fragment.includes('?')) return [`${path}: has its query behind #, where no server sees it; put # last`];
  const isLost = fragment.includes(transactionMacro) && !url.slice(0, url.indexOf('#')).includes(transactionMacro);
  return isLost && hasConversions ? [`${path}: has ${transactionMacro} behind #, where no server sees it`] : [];
}

function currencyWarnings(path: string, currency: unknown): string[] {
  if (typeof currency !== 'string' || isKnownCurrency(currency)) return [];
  return [`${path}: ${currency} is no currency of ISO 4217`];
}

function moneyWarnings(file: unknown, offer: CatalogItem): string[] {
  const currency = currencyOf(file, offer);
  const goals = catalogItems(offer.fields, offer.path, 'goals');
  const terms = catalogItems(file, '', 'affiliate_terms').filter(({ fields }) => fields['offer_id'] === offer.id);
  return [
    ...[offer, ...goals].flatMap((item) =>
      sides
        .filter((side) => hasTerms(item, side))
        .flatMap((side) => digitsProblems(item, side, item.fields[`${side}_type`] ?? 'cpa_flat', currency)),
    ),
    ...[offer, ...goals].flatMap((item) => lossWarnings(item, [item, offer])),
    ...terms.flatMap((item) => {
      const usual = [...goals.filter(({ id }) => id === item.fields['goal_id']), offer];
      return lossWarnings(item, [withUsualTypes(item, usual), ...usual]);
    }),
  ];
}

/** Terms of an affiliate that give no type have the one of the goal or offer. */
function withUsualTypes(item: CatalogItem, usual: readonly CatalogItem[]): CatalogItem {
  const types = sides
    .filter((side) => hasTerms(item, side))
    .map((side) => [`${side}_type`, usual.find((one) => hasTerms(one, side))?.fields[`${side}_type`]]);
  return { ...item, fields: { ...Object.fromEntries(types), ...item.fields } };
}

/** `givers`: the first of them that gives a side says what it is. */
function lossWarnings(item: CatalogItem, givers: readonly CatalogItem[]): string[] {
  const [payout, revenue] = sides.map((side) => sideOf(givers, side)) as [GivenSide, GivenSide];
  if (!sides.some((side) => hasTerms(item, side)) || payout.type !== revenue.type) return [];
  const isMore = isAbove(payout.flat, revenue.flat) || isAbove(payout.percent, revenue.percent);
  const isLess = isAbove(revenue.flat, payout.flat) || isAbove(revenue.percent, payout.percent);
  if (!isMore || isLess) return [];
  return [`${item.path}: pays the affiliate more than the advertiser pays, so it loses money each time`];
}

type GivenSide = ReturnType<typeof sideOf>;

function sideOf(givers: readonly CatalogItem[], side: (typeof sides)[number]) {
  const { fields = {} } = givers.find((giver) => hasTerms(giver, side)) ?? {};
  const type = fields[`${side}_type`] ?? 'cpa_flat';
  const amount = (name: string) => parseExactDecimal(String(fields[name] ?? '0')) ?? zero;
  return {
    type,
    flat: type === 'cpa_percentage' ? zero : amount(side),
    percent: type === 'cpa_percentage' || type === 'cpa_both' ? amount(`${side}_percent`) : zero,
  };
}
