import type { BucketVersion, Checksum, DeleteMarker, ObjectVersion } from './bucket-store.ts';

/** What a bucket is asked, and what it answers. */

export type BucketResult<T> = { readonly kind: 'ok'; readonly value: T } | BucketFailure;

/** An answer in S3's words; `marker` when it is a delete marker that stands in the way. */
export interface BucketFailure {
  readonly kind: 'failed';
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly marker?: DeleteMarker;
}

export interface PutOptions {
  /** Only `*` exists: write only when there is no object under the key. */
  readonly ifNoneMatch?: '*';
  /** Kept with the object: `content-type`, `x-amz-meta-…`, and the like. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Verified; the first one is kept with the object. */
  readonly checksums?: readonly Checksum[];
}

export interface ReadOptions {
  readonly versionId?: string;
  readonly ifNoneMatch?: string;
}

export interface ListQuery {
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly startAfter?: string;
  /** `nextToken` of the page before; counts for more than `startAfter`. */
  readonly token?: string;
  /** At most 1,000 are given whatever is asked. */
  readonly keysMax?: number;
}

export interface ObjectPage {
  readonly objects: readonly ObjectVersion[];
  readonly commonPrefixes: readonly string[];
  /** Absent on the last page. */
  readonly nextToken?: string;
}

export interface VersionQuery {
  readonly prefix?: string;
  readonly delimiter?: string;
  /** Listing goes on after this key, or after its version `versionIdMarker` when that is given. */
  readonly keyMarker?: string;
  readonly versionIdMarker?: string;
  /** At most 1,000 are given whatever is asked. */
  readonly keysMax?: number;
}

export type ListedVersion = BucketVersion & { readonly isLatest: boolean };

export interface VersionListing {
  /** By key, and newest first within a key. */
  readonly versions: readonly ListedVersion[];
  readonly commonPrefixes: readonly string[];
  /** Absent on the last page. */
  readonly next?: { readonly keyMarker: string; readonly versionIdMarker?: string };
}

/** What a delete did: the marker it made, or the version it removed for good; neither when there was nothing. */
export interface Deletion {
  readonly made?: DeleteMarker;
  readonly removed?: BucketVersion;
}
