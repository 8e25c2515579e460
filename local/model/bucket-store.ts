/**
 * Where a bucket keeps its bytes and its index. The index is a journal: a bucket is what its records say, in order,
 * so a store that hands the records back at the next start brings the bucket back.
 */
export interface BucketStore {
  /** Everything that was appended before, oldest first. */
  records(): Iterable<BucketRecord>;
  append(record: BucketRecord): void;
  /** `id` is new each time. The bytes are safe before the record that speaks of them is appended. */
  save(id: string, body: Uint8Array): void;
  load(id: string): Uint8Array;
  discard(id: string): void;
  /** Which bytes a reader of the plain key sees from now on; undefined = none. */
  show(key: string, id: string | undefined): void;
}

export type BucketRecord =
  | { readonly kind: 'add'; readonly version: BucketVersion }
  | { readonly kind: 'remove'; readonly key: string; readonly id: string };

/** One version of one key. */
export type BucketVersion = ObjectVersion | DeleteMarker;

export interface ObjectVersion extends VersionHeader {
  readonly kind: 'object';
  /** As S3 writes it, in double quotes: the MD5 of the body. */
  readonly etag: string;
  readonly sizeBytes: number;
  /** Given with the put and given back with each get: `content-type`, `x-amz-meta-…`, and the like. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum?: Checksum;
}

export interface DeleteMarker extends VersionHeader {
  readonly kind: 'delete-marker';
}

interface VersionHeader {
  readonly key: string;
  /** Unique in the bucket, later ones sort later; also the name of the bytes in the store. */
  readonly id: string;
  /** As S3 tells it: the id, or `null` in a bucket without versioning. */
  readonly versionId: string;
  readonly lastModifiedMs: number;
}

export const checksumAlgorithms = ['CRC32', 'CRC64NVME'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** `value` is base64 of the checksum's bytes, as in S3's `x-amz-checksum-…` headers. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
}

/** For the simulation and for tests. */
export function memoryBucketStore(): BucketStore {
  const bodies = new Map<string, Uint8Array>();
  return {
    records: () => [],
    append: () => {},
    save: (id, body) => void bodies.set(id, body),
    load(id) {
      const body = bodies.get(id);
      if (!body) throw new Error(`the bucket store holds nothing under ${id}`);
      return body;
    },
    discard: (id) => void bodies.delete(id),
    show: () => {},
  };
}
