import { createHash } from 'node:crypto';
import { indexCaps } from '../caps/index-caps.ts';
import { parseJson } from '../parse-json.ts';
import { indexAffiliateTerms } from './affiliate-terms.ts';
import type {
  Advertiser,
  Affiliate,
  AffiliateOffer,
  ApprovalStatus,
  Catalog,
  CatalogContent,
  Creative,
  Network,
  Offer,
  Postback,
} from './catalog.ts';
import { isRecord } from './items.ts';

/**
 * The catalog as one JSON text. It is published to both log buckets and built into the functions. Its version is a hash
 * of its content: equal content has the same version everywhere, and damaged text does not match its version.
 *
 * Parsing runs on a cold start, so it checks only the hash and the shape. `validateCatalog` checked the rules before
 * the snapshot was made.
 */

/** The key of the current snapshot in each region's log bucket. */
export const catalogKey = 'catalog/current.json';

/** Every version is kept under its own key, so that the money on an event can be explained years later. */
export function catalogVersionKey(version: string): string {
  return `catalog/versions/${version}.json`;
}

export interface Snapshot {
  readonly version: string;
  /** The sender checks that it has at most `limits.catalog.bytesMax`. */
  readonly text: string;
}

export type ParsedSnapshot =
  | { readonly kind: 'catalog'; readonly catalog: Catalog; readonly content: CatalogContent }
  | { readonly kind: 'invalid'; readonly reason: string };

const format = 1;

export function makeSnapshot(content: CatalogContent): Snapshot {
  const text = canonicalText(content);
  const version = versionOf(text);
  return { version, text: `${opening(version)}${text}}` };
}

/** Reads what `makeSnapshot` wrote. Any other value gives `invalid`, never a throw. */
export function parseSnapshot(text: unknown): ParsedSnapshot {
  if (typeof text !== 'string') return { kind: 'invalid', reason: 'not a text' };
  const [all, found, version, content] =
    /^\{"format":(\d+),"version":"([0-9a-f]{12})","content":(.*)\}\s*$/s.exec(text) ?? [];
  if (all === undefined || version === undefined || content === undefined) {
    return { kind: 'invalid', reason: 'not a catalog snapshot' };
  }
  if (Number(found) !== format) return { kind: 'invalid', reason: `format ${found} is not known` };
  return parseContent(version, content);
}

function parseContent(version: string, text: string): ParsedSnapshot {
  if (versionOf(text) !== version) return { kind: 'invalid', reason: `the content is not version ${version}` };
  const content = parseJson(text);
  if (!isContent(content)) return { kind: 'invalid', reason: 'the content is not a catalog' };
  return { kind: 'catalog', catalog: catalogOf(version, content), content };
}

function catalogOf(version: string, content: CatalogContent): Catalog {
  return {
    version,
    network: content.network,
    advertisers: byId<Advertiser>(content.advertisers),
    affiliates: byId<Affiliate>(content.affiliates),
    offers: byId<Offer>(content.offers),
    creatives: byId<Creative>(content.creatives),
    approvals: approvalsOf(content.affiliate_offers ?? []),
    affiliateTerms: indexAffiliateTerms(content.affiliate_terms ?? []),
    caps: indexCaps(content.offers, content.affiliate_caps ?? []),
    postbacks: byId<Postback>(content.postbacks ?? []),
    alerts: content.alerts ?? [],
  };
}

function approvalsOf(all: readonly AffiliateOffer[]): Catalog['approvals'] {
  const approvals = new Map<number, Map<number, ApprovalStatus>>();
  for (const { affiliate_id, offer_id, approval_status } of all) {
    const ofOffer = approvals.get(offer_id) ?? new Map<number, ApprovalStatus>();
    approvals.set(offer_id, ofOffer.set(affiliate_id, approval_status));
  }
  return approvals;
}

function byId<Item extends { readonly id: number }>(items: readonly Item[]): ReadonlyMap<number, Item> {
  return new Map(items.map((item) => [item.id, item]));
}

/** Checks only what look-ups rely on. */
function isContent(value: unknown): value is CatalogContent {
  if (!isRecord(value)) return false;
  const { network, advertisers, affiliates, offers, creatives, ...more } = value as {
    [Key in keyof CatalogContent]?: unknown;
  };
  return (
    isNetwork(network) &&
    isListOf(advertisers, isAdvertiser) &&
    isListOf(affiliates, (item) => isNamed(item) && typeof item['status'] === 'string') &&
    isListOf(offers, isOffer) &&
    isListOf(creatives, isNamed) &&
    isListOf(more.affiliate_offers ?? [], (item) => isOfBoth(item) && typeof item['approval_status'] === 'string') &&
    isListOf(more.affiliate_terms ?? [], isOfBoth) &&
    isListOf(more.affiliate_caps ?? [], isOfBoth) &&
    isListOf(more.postbacks ?? [], isPostback) &&
    isListOf(more.alerts ?? [], isAlertRule)
  );
}

function isNetwork(value: unknown): value is Network {
  return isRecord(value) && typeof value['name'] === 'string' && typeof value['currency'] === 'string';
}

/**
 * All proofs of a sender are optional. When one is damaged, the snapshot is refused: otherwise every sender would get in.
 */
function isAdvertiser(value: unknown): boolean {
  if (!isNamed(value)) return false;
  const { security_token_hash: hash, ip_whitelist: networks, signed_postbacks: signs, postback_keys: keys } = value;
  return (
    (hash === undefined || typeof hash === 'string') &&
    (signs === undefined || typeof signs === 'boolean') &&
    (keys === undefined || isListOf(keys, (key) => typeof key === 'number')) &&
    (networks === undefined || isListOf(networks, (network) => typeof network === 'string'))
  );
}

function isOffer(value: unknown): boolean {
  return (
    isNamed(value) &&
    ['status', 'offer_url', 'currency', 'payout_type', 'payout', 'revenue_type', 'revenue'].every(
      (key) => typeof value[key] === 'string',
    ) &&
    ['urls', 'website_hosts', 'goals'].every((key) => Array.isArray(value[key]))
  );
}

function isNamed(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && typeof value['id'] === 'number' && typeof value['name'] === 'string';
}

/** Whether it concerns an affiliate and an offer. */
function isOfBoth(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && typeof value['affiliate_id'] === 'number' && typeof value['offer_id'] === 'number';
}

function isPostback(value: unknown): boolean {
  return (
    isOfBoth(value) &&
    typeof value['id'] === 'number' &&
    ['url', 'method', 'status'].every((key) => typeof value[key] === 'string') &&
    isListOf(value['on'], (standing) => typeof standing === 'string')
  );
}

function isAlertRule(value: unknown): boolean {
  return isRecord(value) && typeof value['id'] === 'number' && typeof value['measure'] === 'string';
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function opening(version: string): string {
  return `{"format":${format},"version":"${version}","content":`;
}

function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Sorts fields by name and entries by id, so that moving lines in the file makes no new version. */
function canonicalText(content: CatalogContent): string {
  return JSON.stringify(canonical(content));
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return [...value].sort(byIdThenPlace).map(canonical);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, canonical(value[key])]));
}

function byIdThenPlace(a: unknown, b: unknown): number {
  return isRecord(a) && isRecord(b) ? Number(a['id']) - Number(b['id']) : 0;
}
