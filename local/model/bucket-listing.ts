import type { ListedVersion, ListQuery, ObjectPage, VersionListing, VersionQuery } from './bucket-calls.ts';
import type { BucketIndex } from './bucket-index.ts';
import { type Page, type Position, pageOf } from './page.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const pageKeysMax = 1_000;

export function pageOfObjects(index: BucketIndex, query: ListQuery): ObjectPage {
  const page = pageOf(index.keys, { ...bounds(query), from: firstObject(index, query) }, (key) => {
    const object = index.object(key);
    return object ? [object] : [];
  });
  const { entries: objects, commonPrefixes, next } = page;
  return { objects, commonPrefixes, ...(next ? { nextToken: tokenOf(next) } : {}) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html */
export function listVersions(index: BucketIndex, query: VersionQuery): VersionListing {
  const page = pageOf(index.keys, { ...bounds(query), from: firstVersion(index, query) }, (key) => {
    const versions = index.versions(key).map((version, place) => ({ ...version, isLatest: place === 0 }));
    return key === query.keyMarker ? afterMarker(versions, query.versionIdMarker) : versions;
  });
  return versionListingOf(page);
}

function bounds({ prefix = '', delimiter = '', keysMax = pageKeysMax }: ListQuery & VersionQuery) {
  return { prefix, delimiter, countMax: Math.min(keysMax, pageKeysMax) };
}

/** A token names the last entry of the previous page: `k` and a key, or `p` and a common prefix. */
function tokenOf(last: Position<{ readonly key: string }>): string {
  return last.kind === 'prefix' ? `p${last.prefix}` : `k${last.entry.key}`;
}

function firstObject({ keys }: BucketIndex, { token, startAfter = '' }: ListQuery): number {
  if (token === undefined) return startAfter === '' ? 0 : keys.firstAfter(startAfter);
  const last = token.slice(1);
  return token.startsWith('p') ? keys.firstPast(last) : keys.firstAfter(last);
}

function firstVersion(
  { keys }: BucketIndex,
  { keyMarker = '', versionIdMarker, delimiter = '' }: VersionQuery,
): number {
  if (keyMarker === '') return 0;
  if (versionIdMarker !== undefined) return keys.firstNotBefore(keyMarker);
  // The last page ended with this common prefix. Everything under the prefix was listed with it.
  const wasPrefix = delimiter !== '' && keyMarker.endsWith(delimiter);
  return wasPrefix ? keys.firstPast(keyMarker) : keys.firstAfter(keyMarker);
}

function afterMarker(versions: readonly ListedVersion[], versionId: string | undefined): readonly ListedVersion[] {
  return versions.slice(versions.findIndex((version) => version.versionId === versionId) + 1);
}

function versionListingOf({ entries: versions, commonPrefixes, next }: Page<ListedVersion>): VersionListing {
  if (!next) return { versions, commonPrefixes };
  if (next.kind === 'prefix') return { versions, commonPrefixes, next: { keyMarker: next.prefix } };
  const { key: keyMarker, versionId: versionIdMarker } = next.entry;
  return { versions, commonPrefixes, next: { keyMarker, versionIdMarker } };
}
