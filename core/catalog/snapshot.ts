import { createHash } from 'node:crypto';
import { parseJson } from '../parse-json.ts';
import type { Advertiser, Affiliate, Catalog, CatalogContent, Creative, Network, Offer } from './catalog.ts';

/**
 * The catalog as it travels: one JSON text, published to both log buckets and built into the functions. Its version is
 * the hash of its content, so the same content has the same version everywhere, and a text that was cut, changed or
 * mixed up on its way does not fit the version that it claims.
 *
 * Parsing runs on a cold start, so it checks the hash and the shape and leaves the rules to `validateCatalog`, which
 * every text has passed before it was made.
 */

/** Where the current snapshot lies in each region's log bucket. */
export const catalogKey = 'catalog/current.json';

/** Each version is kept beside it, so that the money on an event can be explained years later. */
export function catalogVersionKey(version: string): string {
  return `catalog/versions/${version}.json`;
}

export interface Snapshot {
  readonly version: string;
  /** At most limits.catalog.bytesMax long; whoever sends it checks. */
  readonly text: string;
}

export type ParsedSnapshot =
  | { readonly kind: 'catalog'; readonly catalog: Catalog }
  | { readonly kind: 'invalid'; readonly reason: string };

const format = 1;

export function makeSnapshot(content: CatalogContent): Snapshot {
  const text = canonicalText(content);
  const version = versionOf(text);
  return { version, text: `${opening(version)}${text}}` };
}

/** `text` is a snapshot's, as `makeSnapshot` wrote it; whatever else it is, the answer is `invalid`, never a throw. */
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
  return { kind: 'catalog', catalog: catalogOf(version, content) };
}

function catalogOf(version: string, content: CatalogContent): Catalog {
  return {
    version,
    network: content.network,
    advertisers: byId<Advertiser>(content.advertisers),
    affiliates: byId<Affiliate>(content.affiliates),
    offers: byId<Offer>(content.offers),
    creatives: byId<Creative>(content.creatives),
  };
}

function byId<Item extends { readonly id: number }>(items: readonly Item[]): ReadonlyMap<number, Item> {
  return new Map(items.map((item) => [item.id, item]));
}

/** Only what look-ups would stumble over. */
function isContent(value: unknown): value is CatalogContent {
  if (!isRecord(value)) return false;
  const { network, advertisers, affiliates, offers, creatives } = value as { [Key in keyof CatalogContent]?: unknown };
  return (
    isNetwork(network) &&
    isListOf(advertisers, isAdvertiser) &&
    isListOf(affiliates, (item) => isNamed(item) && typeof item['status'] === 'string') &&
    isListOf(offers, isOffer) &&
    isListOf(creatives, isNamed)
  );
}

function isNetwork(value: unknown): value is Network {
  return isRecord(value) && typeof value['name'] === 'string' && typeof value['currency'] === 'string';
}

/** Earlier releases know neither token nor addresses; one that cannot be read must not let every sender in. */
function isAdvertiser(value: unknown): boolean {
  if (!isNamed(value)) return false;
  const { security_token_hash: hash, ip_whitelist: networks } = value;
  return (
    (hash === undefined || typeof hash === 'string') &&
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

function isNamed(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && typeof value['id'] === 'number' && typeof value['name'] === 'string';
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function opening(version: string): string {
  return `{"format":${format},"version":"${version}","content":`;
}

function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Keys and lists of things with ids in order, so that moving lines about in the file makes no new version. */
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
