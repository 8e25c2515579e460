import type { BucketRecord, BucketVersion, ObjectVersion } from './bucket-store.ts';
import { SortedKeys } from './sorted-keys.ts';

/** What a bucket's records add up to: the versions of each key, newest first, and the keys in order. */
export class BucketIndex {
  readonly keys = new SortedKeys();
  /** No key has an empty list. */
  readonly #versions = new Map<string, readonly BucketVersion[]>();
  #lastId = 0;

  nextId(): string {
    return String(this.#lastId + 1).padStart(32, '0');
  }

  versions(key: string): readonly BucketVersion[] {
    return this.#versions.get(key) ?? [];
  }

  latest(key: string): BucketVersion | undefined {
    return this.#versions.get(key)?.[0];
  }

  /** What a reader of the plain key gets. */
  object(key: string): ObjectVersion | undefined {
    const latest = this.latest(key);
    return latest?.kind === 'object' ? latest : undefined;
  }

  version(key: string, versionId: string): BucketVersion | undefined {
    return this.versions(key).find((version) => version.versionId === versionId);
  }

  /** Every key that starts with `prefix` and has an object now, in order. */
  objects(prefix: string): ObjectVersion[] {
    const found: ObjectVersion[] = [];
    for (let position = this.keys.firstNotBefore(prefix); ; position += 1) {
      const key = this.keys.at(position);
      if (!key?.startsWith(prefix)) return found;
      const object = this.object(key);
      if (object) found.push(object);
    }
  }

  /** Answers the versions that are gone now and whose bytes nobody needs any more. */
  apply(record: BucketRecord): readonly BucketVersion[] {
    if (record.kind === 'remove') {
      return this.#replace(record.key, ({ id }) => id === record.id);
    }
    const { version } = record;
    this.#lastId = Math.max(this.#lastId, Number(version.id));
    // Without versioning there is one version, `null`, and each put takes its place.
    return this.#replace(version.key, ({ versionId }) => versionId === version.versionId, version);
  }

  #replace(key: string, isGone: (version: BucketVersion) => boolean, newest?: BucketVersion): readonly BucketVersion[] {
    const before = this.versions(key);
    const stay = before.filter((version) => !isGone(version));
    const after = newest ? [newest, ...stay] : stay;
    if (after.length === 0) this.#versions.delete(key);
    else this.#versions.set(key, after);
    if (before.length === 0 && after.length > 0) this.keys.add(key);
    if (before.length > 0 && after.length === 0) this.keys.remove(key);
    return before.filter(isGone);
  }
}
