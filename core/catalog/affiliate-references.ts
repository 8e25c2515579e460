import { minorDigitsOf } from '../money/currency.ts';
import { conversionMoneyTypes } from './catalog.ts';
import { type CatalogItem, catalogItems, isRecord } from './items.ts';
import { hasTerms, moneyProblems, sides, unknownIds } from './references.ts';

/**
 * Problems of the two lists that are about an affiliate and an offer together, in the raw value of the file. Values
 * that the schema reports are skipped.
 */
export function affiliateProblems(file: unknown): string[] {
  const affiliates = catalogItems(file, '', 'affiliates');
  const offers = catalogItems(file, '', 'offers');
  const approvals = catalogItems(file, '', 'affiliate_offers');
  const terms = catalogItems(file, '', 'affiliate_terms');
  const offersById = new Map(offers.map((offer) => [offer.id, offer]));
  return [
    ...[approvals, terms].flatMap((items) => [
      ...unknownIds(items, 'affiliate_id', affiliates, 'affiliate'),
      ...unknownIds(items, 'offer_id', offers, 'offer'),
    ]),
    ...repeated(approvals, ({ fields }) => JSON.stringify([fields['affiliate_id'], fields['offer_id']])),
    ...repeated(terms, termsKey),
    ...terms.flatMap((item) => {
      const offer = offersById.get(item.fields['offer_id']);
      return [...(offer ? termsProblems(item, offer, currencyOf(file, offer)) : []), ...sideProblems(item)];
    }),
  ];
}

/** Entries with the key of an earlier entry. */
export function repeated(items: readonly CatalogItem[], keyOf: (item: CatalogItem) => string): string[] {
  const firstPaths = new Map<string, string>();
  return items.flatMap((item) => {
    const first = firstPaths.get(keyOf(item));
    firstPaths.set(keyOf(item), first ?? item.path);
    return first === undefined ? [] : [`${item.path}: says the same thing again as ${first}`];
  });
}

/** Two entries with the same key would hold from the same moment on. */
function termsKey({ fields }: CatalogItem): string {
  const { affiliate_id, offer_id, goal_id = 0, valid_from = '' } = fields;
  const fromMs = Date.parse(String(valid_from));
  return JSON.stringify([affiliate_id, offer_id, goal_id, Number.isNaN(fromMs) ? valid_from : fromMs]);
}

function sideProblems(item: CatalogItem): string[] {
  return sides.some((side) => hasTerms(item, side)) ? [] : [`${item.path}: must give a payout or a revenue`];
}

function termsProblems(item: CatalogItem, offer: CatalogItem, currency: string): string[] {
  const { goal_id: goalId } = item.fields;
  const goal = catalogItems(offer.fields, offer.path, 'goals').find(({ id }) => id === goalId);
  if (typeof goalId === 'number' && goal === undefined)
    return [`${item.path}.goal_id: offer ${offer.id} has no goal ${goalId}`];
  return sides
    .filter((side) => hasTerms(item, side))
    .flatMap((side) => {
      const usual = goal && hasTerms(goal, side) ? goal : offer;
      const type = item.fields[`${side}_type`] ?? usual.fields[`${side}_type`] ?? 'cpa_flat';
      return [
        ...moneyProblems(item, side, type),
        ...(goal && !isForConversions(type)
          ? [`${item.path}.${side}_type: must be one of ${conversionMoneyTypes.join(', ')} at a goal`]
          : []),
        ...digitsProblems(item, side, type, currency),
      ];
    });
}

function isForConversions(type: unknown): boolean {
  return conversionMoneyTypes.some((one) => one === type);
}

/** What a conversion pays is rounded to the currency's smallest unit, so a finer amount would not be what is paid. */
export function digitsProblems(
  { path, fields }: CatalogItem,
  side: (typeof sides)[number],
  type: unknown,
  currency: string,
): string[] {
  const digits = minorDigitsOf(currency);
  const decimals = /\.(\d*?)0*$/.exec(String(fields[side] ?? ''))?.[1]?.length ?? 0;
  if ((type !== 'cpa_flat' && type !== 'cpa_both') || decimals <= digits) return [];
  return [
    `${path}.${side}: has more decimals than ${currency} (${digits}), to which a conversion's ${side} is rounded`,
  ];
}

/** The currency in which an offer pays. Values that the schema reports give the default. */
export function currencyOf(file: unknown, offer: CatalogItem): string {
  const network = isRecord(file) && isRecord(file['network']) ? file['network'] : {};
  const found = [offer.fields['currency'], network['currency']].find((one) => typeof one === 'string');
  return String(found ?? 'USD');
}
