import type { z } from 'zod';
import { plainMessage, problemOf } from '../config/problems.ts';
import { readYaml } from '../config/read-yaml.ts';
import { hashOfToken } from '../keys/security-token.ts';
import type { CatalogContent } from './catalog.ts';
import { referenceProblems } from './references.ts';
import { catalogSchema } from './schema.ts';
import { hostOf } from './url-template.ts';

export type ValidatedCatalog =
  | { readonly kind: 'valid'; readonly content: CatalogContent }
  /** One line each, `path: what must change`, in the order of the file's sections. */
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/**
 * `yamlText` is the content of a catalog file. Reports every problem at once. Valid content has its defaults filled in.
 */
export function validateCatalog(yamlText: string): ValidatedCatalog {
  const file = readYaml(yamlText);
  return file.kind === 'read' ? validateValue(file.value) : { kind: 'invalid', problems: file.problems };
}

function validateValue(value: unknown): ValidatedCatalog {
  const parsed = catalogSchema.safeParse(value, { error: plainMessage });
  const shapeProblems = parsed.success ? [] : parsed.error.issues.map(problemOf);
  const problems = [...shapeProblems, ...referenceProblems(value)];
  if (!parsed.success || problems.length > 0) return { kind: 'invalid', problems };
  return { kind: 'valid', content: withDefaults(parsed.data) };
}

type ParsedFile = z.output<typeof catalogSchema>;

/** Fills in defaults that depend on another field. */
function withDefaults(parsed: ParsedFile): CatalogContent {
  const offers = parsed.offers.map((offer) => ({
    ...offer,
    currency: offer.currency ?? parsed.network.currency,
    website_hosts: offer.website_hosts ?? [hostOf(offer.offer_url)],
    goals: offer.goals.map(withTypes),
  }));
  return withoutUndefined({ ...parsed, advertisers: parsed.advertisers.map(withoutToken), offers });
}

/** An absent type means `cpa_flat` when the goal has its own payout or revenue. */
function withTypes(goal: ParsedFile['offers'][number]['goals'][number]): unknown {
  const payoutType = goal.payout_type ?? (goal.payout === undefined ? undefined : 'cpa_flat');
  const revenueType = goal.revenue_type ?? (goal.revenue === undefined ? undefined : 'cpa_flat');
  return { ...goal, payout_type: payoutType, revenue_type: revenueType };
}

/** Snapshots are in buckets and bundles, so they contain the hash of a token and never the token. */
function withoutToken({ security_token: token, ...advertiser }: ParsedFile['advertisers'][number]): unknown {
  return token === undefined ? advertiser : { ...advertiser, security_token_hash: hashOfToken(token) };
}

/** Removes fields that are `undefined`, as the schema's optional fields are when they are absent. */
function withoutUndefined(value: unknown): CatalogContent {
  return JSON.parse(JSON.stringify(value));
}
