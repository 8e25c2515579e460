import type { BucketRecord, BucketVersion, ObjectVersion } from './bucket-store.ts';
import { SortedKeys } from './sorted-keys.ts';

/** The state of a bucket after all its records: the versions of each key, newest first, and the sorted keys. */
export class BucketIndex {
  readonly keys = new SortedKeys();
  /** A key without versions has no entry. */
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

  /** Undefined when the key has no version, or when a delete marker is its latest version. */
  object(key: string): ObjectVersion | undefined {
    const latest = this.latest(key);
    return latest?.kind === 'object' ? latest : undefined;
  }

  version(key: string, versionId: string): BucketVersion | undefined {
    return this.versions(key).find((version) => version.versionId === versionId);
  }

  /** Every key that starts with `prefix` and now has an object, sorted. */
  objects(prefix: string): ObjectVersion[] {
    const found: ObjectVersion[] = [];
    for (let position = this.keys.firstNotBefore(prefix); ; position += 1) {
      const key = this.keys.at(position);
      if (!key?.startsWith(prefix)) return found;
      const object = this.object(key);
      if (object) found.push(object);
    }
  }

  /** Returns the versions that are gone now, so that their bytes can be discarded. */
  apply(record: BucketRecord): readonly BucketVersion[] {
    if (record.kind === 'remove') {
      return this.#replace(record.key, ({ id }) => id === record.id);
    }
    const { version } = record;
    this.#lastId = Math.max(this.#lastId, Number(version.id));
    // Without versioning a key has one version, `null`, and each put replaces it.
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
