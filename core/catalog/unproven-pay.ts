import { isTooWide } from '../tracking/input/ip-address.ts';
import { type CatalogItem, catalogItems } from './items.ts';

/**
 * Offers through which visitors could pay themselves. A visitor sees the transaction id of his own click in the
 * redirect, so he can send the postback for it. Without a proof of the sender, a postback must therefore not set what
 * is paid, unless the offer trusts visitors.
 */
export function unprovenPayProblems(
  offers: readonly CatalogItem[],
  advertisers: readonly CatalogItem[],
  affiliateTerms: readonly CatalogItem[],
): string[] {
  const unproven = new Set(advertisers.filter((advertiser) => !hasProof(advertiser)).map(({ id }) => id));
  const refused = offers.filter(
    ({ fields }) => fields['trusts_visitors'] !== true && unproven.has(fields['advertiser_id']),
  );
  const refusedById = new Map(refused.map((offer) => [offer.id, offer]));
  const ofOffers = refused.flatMap((offer) => {
    const goals = catalogItems(offer.fields, offer.path, 'goals');
    return [offer, ...goals]
      .flatMap((item) => problems(item, [...rules, ...shares], offer))
      .concat(goals.flatMap((goal) => problems(goal, ownPay, offer)));
  });
  const ofAffiliates = affiliateTerms.flatMap((terms) => {
    const offer = refusedById.get(terms.fields['offer_id']);
    return offer ? problems(terms, affiliateRules(terms), offer) : [];
  });
  return [...ofOffers, ...ofAffiliates];
}

function hasProof({ fields }: CatalogItem): boolean {
  const { security_token: token, security_token_hash: hash, signed_postbacks: signs, ip_whitelist: networks } = fields;
  if (token !== undefined || hash !== undefined || signs === true) return true;
  return Array.isArray(networks) && !networks.some((network) => isTooWide(String(network)));
}

function problems({ path, fields }: CatalogItem, rules: readonly Rule[], offer: CatalogItem): string[] {
  const remedy = `give advertiser ${offer.fields['advertiser_id']} a security_token, signed_postbacks or an ip_whitelist, or set trusts_visitors: true at the offer`;
  return rules
    .filter(({ field, isMeant }) => isMeant(fields[field]))
    .map(({ field, lets }) => `${path}.${field}: lets every visitor ${lets}; ${remedy}`);
}

const isOn = (value: unknown) => value === true;
const isShare = (value: unknown) => value === 'cpa_percentage' || value === 'cpa_both';

const isWiderThanClick = (value: unknown) => value !== undefined && value !== 'click';

const rules: readonly Rule[] = [
  { field: 'allow_posted_payout', isMeant: isOn, lets: 'set the payout' },
  { field: 'allow_posted_revenue', isMeant: isOn, lets: 'set the revenue' },
  { field: 'allow_multiple_conversions', isMeant: isOn, lets: 'be paid any number of times' },
  {
    field: 'unique_id_scope',
    isMeant: isWiderThanClick,
    lets: 'take the order ids of others before they are reported',
  },
];

const sides = ['payout', 'revenue'] as const;

const shares = sides.map(
  (side): Rule => ({
    field: `${side}_type`,
    isMeant: isShare,
    lets: `set the amount of which the ${side} is a share`,
  }),
);

/** A postback chooses the goal. So it sets what is paid when a goal has its own terms. */
const ownPay = sides.map(
  (side): Rule => ({
    field: side,
    isMeant: (value) => value !== undefined,
    lets: `choose this goal and its ${side}`,
  }),
);

/** An affiliate can be a visitor too, so the same holds for the terms of one affiliate. */
function affiliateRules({ fields }: CatalogItem): readonly Rule[] {
  return fields['goal_id'] === undefined ? shares : [...shares, ...ownPay];
}

interface Rule {
  readonly field: string;
  readonly isMeant: (value: unknown) => boolean;
  /** What the field lets a visitor do. */
  readonly lets: string;
}
