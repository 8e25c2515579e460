import { limits } from '../limits/limits.ts';
import { emptyMacros, postbackMacroNames } from '../postbacks/expand-postback.ts';
import { affiliateNames } from '../tracking/input/parameter-names.ts';
import { repeated } from './affiliate-references.ts';
import { type CatalogItem, catalogItems } from './items.ts';
import { taken, unknownIds } from './references.ts';
import { httpWarnings, type KnownMacros, macroWarnings, queryWarnings } from './url-warnings.ts';

/**
 * Problems of postbacks that concern two fields or two entries, in the raw value of the file. Values that the schema
 * reports are skipped.
 */
export function postbackProblems(file: unknown): string[] {
  const postbacks = catalogItems(file, '', 'postbacks');
  const offers = catalogItems(file, '', 'offers');
  return [
    ...taken(postbacks, 'id'),
    ...unknownIds(postbacks, 'affiliate_id', [all, ...catalogItems(file, '', 'affiliates')], 'affiliate'),
    ...unknownIds(postbacks, 'offer_id', [all, ...offers], 'offer'),
    ...postbacks.flatMap((postback) => goalProblems(postback, offers)),
    ...repeated(postbacks, ({ fields: { id: _id, status: _status, ...rest } }) =>
      JSON.stringify(Object.entries(rest).sort()),
    ),
    ...tooMany(postbacks),
  ];
}

/** 0 stands for all. */
const all: CatalogItem = { path: '', id: 0, fields: {} };

function goalProblems({ path, fields }: CatalogItem, offers: readonly CatalogItem[]): string[] {
  const { offer_id: offerId, goal_id: goalId } = fields;
  if (typeof goalId !== 'number' || goalId === 0) return [];
  if (offerId === 0) return [`${path}.goal_id: must be 0 or left out in a postback for all offers`];
  const offer = offers.find(({ id }) => id === offerId);
  if (offer === undefined || catalogItems(offer.fields, offer.path, 'goals').some(({ id }) => id === goalId)) return [];
  return [`${path}.goal_id: offer ${offerId} has no goal ${goalId}`];
}

function tooMany(postbacks: readonly CatalogItem[]): string[] {
  const { postbacksPerPlaceMax: most } = limits.sending;
  const counts = new Map<string, number>();
  return postbacks.flatMap(({ path, fields }) => {
    const place = `${fields['affiliate_id']}/${fields['offer_id']}`;
    const count = (counts.get(place) ?? 0) + 1;
    counts.set(place, count);
    return count === most + 1
      ? [`${path}: one affiliate and offer can have ${most} postbacks, and this is one more`]
      : [];
  });
}

/** What a valid postback may have and what rarely does what its author meant. */
export function postbackWarnings(postbacks: readonly CatalogItem[]): string[] {
  return postbacks
    .filter(({ fields }) => fields['status'] !== 'paused' && typeof fields['url'] === 'string')
    .flatMap(({ path, fields }) => {
      const [url, urlPath] = [String(fields['url']), `${path}.url`];
      return [
        ...httpWarnings(urlPath, url),
        ...macroWarnings(urlPath, url, postbackMacros),
        ...queryWarnings(urlPath, url),
        ...emptyWarnings(urlPath, url),
        ...nameless(urlPath, url),
        ...standingWarnings(urlPath, url, fields['on']),
      ];
    });
}

const postbackMacros: KnownMacros = {
  names: postbackMacroNames(),
  otherNames: {
    clickid: 'aff_click_id',
    amount: 'sale_amount',
    revenue: 'payout',
    commission: 'payout',
    conversionstatus: 'status',
    actionid: 'conversion_id',
  },
};

function emptyWarnings(path: string, url: string): string[] {
  return emptyMacros.filter((name) => has(url, name)).map((name) => `${path}: {${name}} is always empty`);
}

/** Macros by which a partner finds its own click. */
const clickMacros = [
  'transaction_id',
  'affiliate_click_id',
  'aff_sub1',
  ...affiliateNames.filter((name) => name !== 'source'),
];

function nameless(path: string, url: string): string[] {
  if (clickMacros.some((name) => has(url, name))) return [];
  return [`${path}: has no {aff_click_id}, {aff_sub} or {transaction_id}, so the partner cannot find its click`];
}

function standingWarnings(path: string, url: string, standings: unknown): string[] {
  const isMixed = Array.isArray(standings) && new Set(standings).size > 1;
  if (!isMixed || has(url, 'status')) return [];
  return [`${path}: fires for several standings without {status}, so the partner takes each of them for a sale`];
}

function has(url: string, macro: string): boolean {
  return url.includes(`{${macro}}`);
}
