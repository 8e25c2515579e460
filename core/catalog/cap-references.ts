import { type CapName, capMeasures, capNames, capOf } from '../caps/cap.ts';
import { repeated } from './affiliate-references.ts';
import { type CatalogItem, catalogItems } from './items.ts';
import { unknownIds } from './references.ts';

/**
 * Problems and warnings of caps that concern two fields or two entries, in the raw value of the file. Values that the
 * schema reports are skipped.
 */
export function capProblems(file: unknown): string[] {
  const offers = catalogItems(file, '', 'offers');
  const ofAffiliates = catalogItems(file, '', 'affiliate_caps');
  const ownersOf = new Map(offers.map((offer) => [offer.id, [offer]]));
  for (const item of ofAffiliates) ownersOf.get(item.fields['offer_id'])?.push(item);
  return [
    ...unknownIds(ofAffiliates, 'affiliate_id', catalogItems(file, '', 'affiliates'), 'affiliate'),
    ...unknownIds(ofAffiliates, 'offer_id', offers, 'offer'),
    ...repeated(ofAffiliates, ({ fields }) => JSON.stringify([fields['affiliate_id'], fields['offer_id']])),
    ...ofAffiliates.filter(givesNone).map(({ path }) => `${path}: must give a cap, such as conversion_cap`),
    ...offers.flatMap((offer) => {
      const owners = ownersOf.get(offer.id) ?? [];
      return [...idleProblems(offer, owners), ...uniqueClickProblems(offer, owners)];
    }),
  ];
}

function givesNone({ fields }: CatalogItem): boolean {
  return capNames.every((name) => fields[name] === undefined);
}

/** Fields that say how caps work, where nothing is capped. The author of the file expects something else. */
function idleProblems({ path, fields }: CatalogItem, owners: readonly CatalogItem[]): string[] {
  const isIdle = owners.every(givesNone);
  const idle = ['cap_mode', 'over_cap', 'caps_count_goals'].filter((field) => isIdle && fields[field] !== undefined);
  if (idle.length > 0) return idle.map((field) => `${path}.${field}: has no effect without a cap`);
  const isSoft = fields['over_cap'] !== undefined && fields['cap_mode'] !== 'hard';
  return isSoft ? [`${path}.over_cap: has no effect without cap_mode: hard`] : [];
}

/** Which click of a visitor is paid is known at the end of the day. So nobody could say which one takes a cap's place. */
function uniqueClickProblems({ fields }: CatalogItem, owners: readonly CatalogItem[]): string[] {
  if (fields['cap_mode'] !== 'hard' || fields['pay_unique_clicks_only'] !== true) return [];
  return owners.flatMap((owner) =>
    capNames
      .filter((name) => !name.endsWith('conversion_cap') && limitOf(owner, name) !== undefined)
      .map((name) => `${owner.path}.${name}: cannot be hard at an offer with pay_unique_clicks_only`),
  );
}

/** Caps that can never be reached, or that do not count what the author of the file may expect. */
export function capWarnings(file: unknown): string[] {
  const offers = new Map(catalogItems(file, '', 'offers').map((offer) => [offer.id, offer]));
  const ofAffiliates = catalogItems(file, '', 'affiliate_caps');
  return [
    ...[...offers.values(), ...ofAffiliates].flatMap(longerPeriodWarnings),
    ...ofAffiliates.flatMap((item) => {
      const offer = offers.get(item.fields['offer_id']);
      return offer === undefined ? [] : wholeOfferWarnings(item, offer);
    }),
    ...[...offers.values()].flatMap(impressionWarnings),
  ];
}

/** A month has room for at least what a day has, and a lifetime for at least what both have. */
function longerPeriodWarnings(item: CatalogItem): string[] {
  return capMeasures.flatMap((measure) => {
    const names: readonly CapName[] = [`${measure}_cap`, `monthly_${measure}_cap`, `lifetime_${measure}_cap`];
    return names.flatMap((name, index) => {
      const below = names.slice(index + 1).find((longer) => isBelow(limitOf(item, longer), limitOf(item, name)));
      return below === undefined ? [] : [`${item.path}.${name}: is never reached, because ${below} is lower`];
    });
  });
}

function wholeOfferWarnings(item: CatalogItem, offer: CatalogItem): string[] {
  return capNames
    .filter((name) => isBelow(limitOf(offer, name), limitOf(item, name)))
    .map((name) => `${item.path}.${name}: is never reached, because offer ${offer.id} has a lower one`);
}

function impressionWarnings(offer: CatalogItem): string[] {
  return (['payout', 'revenue'] as const)
    .filter((side) => offer.fields[`${side}_type`] === 'cpm')
    .flatMap((side) => capNames.filter((name) => name.endsWith(`${side}_cap`) && limitOf(offer, name) !== undefined))
    .map((name) => `${offer.path}.${name}: does not count impressions, by which the offer pays`);
}

function isBelow(limit: bigint | undefined, other: bigint | undefined): boolean {
  return limit !== undefined && other !== undefined && limit < other;
}

function limitOf({ fields }: CatalogItem, name: CapName): bigint | undefined {
  return capOf(name, String(fields[name] ?? ''))?.limit;
}
