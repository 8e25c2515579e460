import { isKnownCurrency } from '../money/currency.ts';
import { isAbove, parseExactDecimal, zero } from '../money/decimal.ts';
import { isMacro, macroNames } from '../tracking/macros.ts';
import { currencyOf, digitsProblems } from './affiliate-references.ts';
import { type CatalogItem, catalogItems, isRecord } from './items.ts';
import { hasTerms, sides } from './references.ts';

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
    ...macroWarnings(path, url),
    ...fragmentWarnings(path, url, hasConversions),
    ...(/^[^#]*\?[^#]*\?/.test(url) && url.startsWith('http')
      ? [`${path}: has a second ?; write & between parameters`]
      : []),
  ];
}

const transactionMacro = '{transaction_id}';

function httpWarnings(path: string, url: unknown): string[] {
  if (typeof url !== 'string' || !url.startsWith('http://')) return [];
  return [`${path}: is http, so everybody on the way can read and change it; use https`];
}

function macroWarnings(path: string, url: string): string[] {
  const plain = [...url.matchAll(/\{([^{}]*)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !isMacro(name))
    .map((name) => {
      const meant = nearestMacro(name);
      const remedy = meant ? `did you mean {${meant}}?` : 'it stays as it is, for the next system to fill in';
      return `${path}: {${name}} is no macro; ${remedy}`;
    });
  const encoded = [...url.matchAll(/%7b([a-z0-9_]+)%7d/gi)]
    .map(([, name = '']) => name)
    .filter(isMacro)
    .map((name) => `${path}: the macro ${name} is written as %7B${name}%7D and stays as it is; write {${name}}`);
  return [...new Set([...plain, ...encoded])];
}

/** What other systems call our macros. */
const otherNames: Readonly<Record<string, string>> = {
  affid: 'affiliate_id',
  publisherid: 'affiliate_id',
  partnerid: 'affiliate_id',
  clickid: 'transaction_id',
  tid: 'transaction_id',
  txid: 'transaction_id',
  txnid: 'transaction_id',
  transid: 'transaction_id',
  subid: 'aff_sub',
  sub: 'aff_sub',
  subid1: 'aff_sub',
  sub1: 'aff_sub',
  advid: 'advertiser_id',
  fileid: 'offer_file_id',
  urlid: 'offer_url_id',
  timestamp: 'datetime',
  country: 'country_code',
};

/** The macro that somebody probably meant: case and separators do not matter, and up to two letters may be wrong. */
function nearestMacro(name: string): string | undefined {
  const bare = bareName(name);
  if (bare === '') return undefined;
  const known = macroNames().map((macro) => ({ macro, bare: bareName(macro) }));
  const same = known.find((one) => one.bare === bare)?.macro ?? otherNames[bare];
  if (same !== undefined) return same;
  const wrongMax = bare.length < 6 ? 1 : 2;
  // Names that end with different numbers are different on purpose.
  const near = known
    .filter((one) => numberOf(one.bare) === numberOf(bare))
    .map((one) => ({ macro: one.macro, wrong: lettersWrong(one.bare, bare) }));
  return near.filter(({ wrong }) => wrong <= wrongMax).sort((one, other) => one.wrong - other.wrong)[0]?.macro;
}

function bareName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function numberOf(name: string): string {
  return /\d*$/.exec(name)?.[0] ?? '';
}

/** The Levenshtein distance. */
function lettersWrong(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [column, otherLetter] of [...other].entries()) {
      const replaced = (row[column] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

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
