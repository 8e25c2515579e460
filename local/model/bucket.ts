import type {
  BucketResult,
  Deletion,
  ListQuery,
  ObjectPage,
  PutOptions,
  ReadOptions,
  VersionListing,
  VersionQuery,
} from './bucket-calls.ts';
import {
  failedPutCondition,
  failedReadCondition,
  methodNotAllowed,
  noSuchKey,
  noSuchVersion,
  unfitKey,
  unfitMetadata,
  unsatisfiedRange,
  wrongDigest,
} from './bucket-checks.ts';
import { BucketIndex } from './bucket-index.ts';
import { listVersions, pageOfObjects } from './bucket-listing.ts';
import type { BucketRecord, BucketStore, DeleteMarker, ObjectVersion } from './bucket-store.ts';
import { type BucketUsage, UsageCount } from './bucket-usage.ts';
import { md5Of } from './checksum.ts';
import type { ModelTime } from './time.ts';

export interface BucketOptions {
  readonly name: string;
  readonly versioned: boolean;
  readonly time: ModelTime;
  readonly store: BucketStore;
}

/**
 * One S3 bucket as a state machine. Each call happens as a whole, and reads are strongly consistent.
 *
 * Not modelled: multipart uploads, suspended versioning, locks, tags, access control lists, storage classes.
 *
 * Two conditional writes never overlap here, so only a fault answers 409 ConditionalRequestConflict.
 */
export class BucketModel {
  readonly name: string;
  readonly versioned: boolean;
  readonly #time: ModelTime;
  readonly #store: BucketStore;
  readonly #index = new BucketIndex();
  /** By prefix, for each prefix that somebody asked for. */
  readonly #usages = new Map<string, UsageCount>();

  constructor({ name, versioned, time, store }: BucketOptions) {
    this.name = name;
    this.versioned = versioned;
    this.#time = time;
    this.#store = store;
    for (const record of store.records()) this.#index.apply(record);
  }

  /** 412 PreconditionFailed; 404 NoSuchKey; 400 BadDigest, InvalidRequest, KeyTooLongError, InvalidArgument, MetadataTooLarge. */
  put(key: string, body: Uint8Array, options: PutOptions = {}): BucketResult<ObjectVersion> {
    const refusal =
      unfitKey(key) ??
      unfitMetadata(options.headers) ??
      wrongDigest(body, options.checksums ?? []) ??
      failedPutCondition(this.#index.object(key), options);
    if (refusal) return refusal;
    const checksum = options.checksums?.[0];
    const version: ObjectVersion = {
      ...this.#newVersion(key),
      kind: 'object',
      etag: `"${md5Of(body)}"`,
      sizeBytes: body.byteLength,
      headers: options.headers ?? {},
      ...(checksum ? { checksum } : {}),
    };
    this.#store.save(version.id, body);
    this.#record(key, { kind: 'add', version });
    return { kind: 'ok', value: version };
  }

  /**
   * 404 NoSuchKey, NoSuchVersion; 405 MethodNotAllowed (a delete marker by its version); 304 NotModified; 412
   * PreconditionFailed.
   */
  head(key: string, options: ReadOptions = {}): BucketResult<ObjectVersion> {
    const { versionId } = options;
    const found = versionId === undefined ? this.#index.latest(key) : this.#index.version(key, versionId);
    if (!found) return versionId === undefined ? noSuchKey : noSuchVersion;
    if (found.kind === 'delete-marker') {
      return { ...(versionId === undefined ? noSuchKey : methodNotAllowed), marker: found };
    }
    return failedReadCondition(found, options) ?? { kind: 'ok', value: found };
  }

  /** As `head`, with the bytes of `options.range`; 416 InvalidRange when the object has none of them. */
  get(key: string, options: ReadOptions = {}): BucketResult<{ version: ObjectVersion; body: Uint8Array }> {
    const result = this.head(key, options);
    if (result.kind === 'failed') return result;
    const version = result.value;
    const refusal = unsatisfiedRange(version, options);
    if (refusal) return refusal;
    const { fromByte = 0, toByte = version.sizeBytes } = options.range ?? {};
    return { kind: 'ok', value: { version, body: this.#store.load(version.id).subarray(fromByte, toByte + 1) } };
  }

  /**
   * Without `versionId` a versioned bucket always gets a delete marker. With `versionId` that version is removed for
   * good.
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html
   */
  delete(key: string, versionId?: string): Deletion {
    if (versionId === undefined && this.versioned) {
      const made: DeleteMarker = { ...this.#newVersion(key), kind: 'delete-marker' };
      this.#record(key, { kind: 'add', version: made });
      return { made };
    }
    const removed = versionId === undefined ? this.#index.latest(key) : this.#index.version(key, versionId);
    if (!removed) return {};
    this.#record(key, { kind: 'remove', key, id: removed.id });
    return { removed };
  }

  /** Removes every version of every key, as the loss of the region does. */
  clear(): void {
    for (;;) {
      const { versions } = this.listVersions();
      if (versions.length === 0) return;
      for (const { key, id } of versions) this.#record(key, { kind: 'remove', key, id });
    }
  }

  list(query: ListQuery = {}): ObjectPage {
    return pageOfObjects(this.#index, query);
  }

  listVersions(query: VersionQuery = {}): VersionListing {
    return listVersions(this.#index, query);
  }

  /** Every key that now has an object, in S3's order. */
  keys(prefix = ''): string[] {
    return this.#index.objects(prefix).map(({ key }) => key);
  }

  usage(prefix = ''): BucketUsage {
    const known = this.#usages.get(prefix);
    if (known) return known.usage();
    const count = new UsageCount();
    for (const object of this.#index.objects(prefix)) count.change(undefined, object);
    this.#usages.set(prefix, count);
    return count.usage();
  }

  #newVersion(key: string) {
    const id = this.#index.nextId();
    return { key, id, versionId: this.versioned ? id : 'null', lastModifiedMs: this.#time.nowMs() };
  }

  #record(key: string, record: BucketRecord): void {
    this.#store.append(record);
    const before = this.#index.object(key);
    const gone = this.#index.apply(record);
    const after = this.#index.object(key);
    for (const [prefix, count] of this.#usages) if (key.startsWith(prefix)) count.change(before, after);
    this.#store.show(key, after?.id);
    for (const version of gone) if (version.kind === 'object') this.#store.discard(version.id);
  }
}
