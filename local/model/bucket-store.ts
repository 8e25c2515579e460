/**
 * Stores a bucket's bytes and its journal. The records of the journal, in order, define the bucket. A store that
 * returns the records of an earlier run restores the bucket.
 */
export interface BucketStore {
  /** Everything that was appended so far, oldest first. */
  records(): Iterable<BucketRecord>;
  append(record: BucketRecord): void;
  /** `id` is new each time. The bytes must be saved before the record that names them is appended. */
  save(id: string, body: Uint8Array): void;
  load(id: string): Uint8Array;
  discard(id: string): void;
  /** Chooses the bytes that a read of the key returns from now on; undefined = none. */
  show(key: string, id: string | undefined): void;
}

export type BucketRecord =
  | { readonly kind: 'add'; readonly version: BucketVersion }
  | { readonly kind: 'remove'; readonly key: string; readonly id: string };

export type BucketVersion = ObjectVersion | DeleteMarker;

export interface ObjectVersion extends VersionHeader {
  readonly kind: 'object';
  /** S3's entity tag: the MD5 of the body, in double quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  /** Sent with the put and returned by each get: `content-type`, `x-amz-meta-…` and so on. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum?: Checksum;
}

export interface DeleteMarker extends VersionHeader {
  readonly kind: 'delete-marker';
}

interface VersionHeader {
  readonly key: string;
  /** Unique in the bucket; later ids sort later. The store also keeps the bytes under this id. */
  readonly id: string;
  /** S3's name for the version: the id, or `null` in a bucket without versioning. */
  readonly versionId: string;
  readonly lastModifiedMs: number;
}

export const checksumAlgorithms = ['CRC32', 'CRC64NVME'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** `value` is the base64 of the checksum, as in S3's `x-amz-checksum-…` headers. */
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
