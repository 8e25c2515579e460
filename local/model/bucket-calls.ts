import type { BucketVersion, Checksum, DeleteMarker, ObjectVersion } from './bucket-store.ts';

export type BucketResult<T> = { readonly kind: 'ok'; readonly value: T } | BucketFailure;

/** A refusal with S3's status and code. `marker` is set when the latest version is a delete marker. */
export interface BucketFailure {
  readonly kind: 'failed';
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly marker?: DeleteMarker;
}

export interface PutOptions {
  /** S3 knows `*` only: write only if no object has the key. */
  readonly ifNoneMatch?: '*';
  /** Write only if the object has this entity tag. */
  readonly ifMatch?: string;
  /** Stored with the object: `content-type`, `x-amz-meta-…` and so on. */
  readonly headers?: Readonly<Record<string, string>>;
  /** All are verified. The first one is stored with the object. */
  readonly checksums?: readonly Checksum[];
}

export interface ReadOptions {
  readonly versionId?: string;
  readonly ifNoneMatch?: string;
  readonly range?: ByteRange;
}

/** Both ends belong to the range. Without `toByte` it goes to the end of the object. */
export interface ByteRange {
  readonly fromByte: number;
  readonly toByte?: number;
}

export interface ListQuery {
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly startAfter?: string;
  /** The `nextToken` of the previous page. A token overrides `startAfter`. */
  readonly token?: string;
  /** A page never holds more than 1,000 keys. */
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
  /** The listing continues after this key, or after the version `versionIdMarker` of this key if that is given. */
  readonly keyMarker?: string;
  readonly versionIdMarker?: string;
  /** A page never holds more than 1,000 versions. */
  readonly keysMax?: number;
}

export type ListedVersion = BucketVersion & { readonly isLatest: boolean };

export interface VersionListing {
  /** Sorted by key; the versions of one key are newest first. */
  readonly versions: readonly ListedVersion[];
  readonly commonPrefixes: readonly string[];
  /** Absent on the last page. */
  readonly next?: { readonly keyMarker: string; readonly versionIdMarker?: string };
}

/** The marker that a delete made, or the version that it removed. Neither is set when nothing was there. */
export interface Deletion {
  readonly made?: DeleteMarker;
  readonly removed?: BucketVersion;
}
