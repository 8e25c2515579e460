import type { z } from 'zod';
import { plainMessage, problemOf } from '../config/problems.ts';
import { readYaml } from '../config/read-yaml.ts';
import { compareTexts } from '../event/event.ts';
import { hashOfToken } from '../keys/security-token.ts';
import { affiliateProblems } from './affiliate-references.ts';
import { alertProblems } from './alert-references.ts';
import { capProblems } from './cap-references.ts';
import type { CatalogContent } from './catalog.ts';
import { postbackProblems } from './postback-rules.ts';
import { referenceProblems } from './references.ts';
import { catalogSchema } from './schema.ts';
import { appSchemeOf, hostOf } from './url-template.ts';
import { catalogWarnings } from './warnings.ts';

export type ValidatedCatalog =
  /** A warning tells of something that the catalog may contain and that can lose money. */
  | { readonly kind: 'valid'; readonly content: CatalogContent; readonly warnings: readonly string[] }
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
  const problems = [
    ...shapeProblems,
    ...referenceProblems(value),
    ...affiliateProblems(value),
    ...capProblems(value),
    ...alertProblems(value),
    ...postbackProblems(value),
  ];
  if (!parsed.success || problems.length > 0) return { kind: 'invalid', problems };
  return { kind: 'valid', content: withDefaults(parsed.data), warnings: catalogWarnings(value) };
}

type ParsedFile = z.output<typeof catalogSchema>;
type ParsedGoal = ParsedFile['offers'][number]['goals'][number];

/** Fills in defaults that depend on another field. */
function withDefaults(parsed: ParsedFile): CatalogContent {
  const offers = parsed.offers.map((offer) => ({
    ...offer,
    currency: offer.currency ?? parsed.network.currency,
    website_hosts: offer.website_hosts ?? (appSchemeOf(offer.offer_url) ? [] : [hostOf(offer.offer_url)]),
    goals: offer.goals.map(withTypes),
  }));
  const offersById = new Map(offers.map((offer) => [offer.id, offer]));
  const advertisers = parsed.advertisers.map(withoutToken);
  const approvals = inOrder(parsed.affiliate_offers);
  const terms = inOrder(parsed.affiliate_terms)?.map((one) => withUsualTypes(one, offersById.get(one.offer_id)));
  const caps = inOrder(parsed.affiliate_caps);
  const postbacks = parsed.postbacks?.length ? parsed.postbacks : undefined;
  const alerts = parsed.alerts?.length ? parsed.alerts : undefined;
  return withoutUndefined({
    ...parsed,
    advertisers,
    offers,
    affiliate_offers: approvals,
    affiliate_terms: terms,
    affiliate_caps: caps,
    postbacks,
    alerts,
  });
}

/** An absent type means `cpa_flat` when the goal has its own payout or revenue. */
function withTypes(goal: ParsedGoal): ParsedGoal {
  const payoutType = goal.payout_type ?? (goal.payout === undefined ? undefined : 'cpa_flat');
  const revenueType = goal.revenue_type ?? (goal.revenue === undefined ? undefined : 'cpa_flat');
  return { ...goal, payout_type: payoutType, revenue_type: revenueType };
}

type ParsedTerms = NonNullable<ParsedFile['affiliate_terms']>[number];

/** An absent type means that of the terms which the affiliate would have without these. */
function withUsualTypes(terms: ParsedTerms, offer: ParsedFile['offers'][number] | undefined): ParsedTerms {
  const goal = offer?.goals.find(({ id }) => id === terms.goal_id);
  const has = (...fields: readonly unknown[]) => fields.some((field) => field !== undefined);
  const payoutType = has(terms.payout, terms.payout_percent) ? (goal?.payout_type ?? offer?.payout_type) : undefined;
  const revenueType = has(terms.revenue, terms.revenue_percent)
    ? (goal?.revenue_type ?? offer?.revenue_type)
    : undefined;
  return {
    ...terms,
    payout_type: terms.payout_type ?? payoutType,
    revenue_type: terms.revenue_type ?? revenueType,
  };
}

interface OfBoth {
  readonly affiliate_id: number;
  readonly offer_id: number;
  readonly goal_id?: number | undefined;
  readonly valid_from?: string | undefined;
}

/**
 * By offer, affiliate, goal and time: these entries have no ids by which a snapshot could sort them. An empty list is
 * the same as none.
 */
function inOrder<Entry extends OfBoth>(entries: readonly Entry[] = []): readonly Entry[] | undefined {
  if (entries.length === 0) return undefined;
  return entries.toSorted(
    (one, other) =>
      one.offer_id - other.offer_id ||
      one.affiliate_id - other.affiliate_id ||
      (one.goal_id ?? 0) - (other.goal_id ?? 0) ||
      compareTexts(one.valid_from ?? '', other.valid_from ?? ''),
  );
}

/** Snapshots are in buckets and bundles, so they contain the hash of a token and never the token. */
function withoutToken({ security_token: token, ...advertiser }: ParsedFile['advertisers'][number]): unknown {
  return token === undefined ? advertiser : { ...advertiser, security_token_hash: hashOfToken(token) };
}

/** Removes fields that are `undefined`, as the schema's optional fields are when they are absent. */
function withoutUndefined(value: unknown): CatalogContent {
  return JSON.parse(JSON.stringify(value));
}
