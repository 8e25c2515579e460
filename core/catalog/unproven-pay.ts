import { type Item, itemsOf } from './items.ts';

/**
 * Offers by which a visitor could pay himself. A visitor reads the transaction id of the own click in the redirect, so
 * everybody can send that click's postback. Without a proof of the sender nothing that a postback says may set what is
 * paid, unless the offer says that it trusts visitors.
 */
export function unprovenPayProblems(offers: readonly Item[], advertisers: readonly Item[]): string[] {
  const unproven = new Set(advertisers.filter((advertiser) => !hasProof(advertiser)).map(({ id }) => id));
  return offers
    .filter(({ fields }) => fields['trusts_visitors'] !== true && unproven.has(fields['advertiser_id']))
    .flatMap((offer) =>
      [offer, ...itemsOf(offer.fields, offer.path, 'goals')].flatMap((item) => problems(item, offer)),
    );
}

function hasProof({ fields }: Item): boolean {
  return ['security_token', 'security_token_hash', 'ip_whitelist'].some((field) => fields[field] !== undefined);
}

function problems({ path, fields }: Item, offer: Item): string[] {
  const remedy = `give advertiser ${offer.fields['advertiser_id']} a security_token or an ip_whitelist, or say trusts_visitors: true at the offer`;
  return [...rules, ...shares]
    .filter(({ field, values }) => values.includes(fields[field]))
    .map(({ field, lets }) => `${path}.${field}: lets every visitor ${lets}; ${remedy}`);
}

const rules: readonly Rule[] = [
  { field: 'allow_posted_payout', values: [true], lets: 'set the payout' },
  { field: 'allow_posted_revenue', values: [true], lets: 'set the revenue' },
  { field: 'allow_multiple_conversions', values: [true], lets: 'be paid any number of times' },
];

const shares = (['payout', 'revenue'] as const).map(
  (side): Rule => ({
    field: `${side}_type`,
    values: ['cpa_percentage', 'cpa_both'],
    lets: `set the amount of which the ${side} is a share`,
  }),
);

interface Rule {
  readonly field: string;
  readonly values: readonly unknown[];
  /** What the field lets a visitor do. */
  readonly lets: string;
}
