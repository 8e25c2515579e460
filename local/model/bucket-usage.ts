import type { ObjectVersion } from './bucket-store.ts';

/** The current objects under a prefix. Older versions do not count. */
export interface BucketUsage {
  readonly objects: number;
  readonly bytes: number;
  /** When the last object was written there; absent before the first. */
  readonly lastWrittenAtMs?: number;
}

/** Updated by each write, because the console asks every second and cannot count 100,000 objects each time. */
export class UsageCount {
  #objects = 0;
  #bytes = 0;
  #lastWrittenAtMs = 0;

  /** The object that a key had before, and the one that the key has now. */
  change(before: ObjectVersion | undefined, after: ObjectVersion | undefined): void {
    this.#objects += (after ? 1 : 0) - (before ? 1 : 0);
    this.#bytes += (after?.sizeBytes ?? 0) - (before?.sizeBytes ?? 0);
    this.#lastWrittenAtMs = Math.max(this.#lastWrittenAtMs, after?.lastModifiedMs ?? 0);
  }

  usage(): BucketUsage {
    const usage = { objects: this.#objects, bytes: this.#bytes };
    return this.#lastWrittenAtMs > 0 ? { ...usage, lastWrittenAtMs: this.#lastWrittenAtMs } : usage;
  }
}
