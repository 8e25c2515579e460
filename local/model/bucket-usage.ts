import type { ObjectVersion } from './bucket-store.ts';

/** What lies under a prefix now, older versions not counted. */
export interface BucketUsage {
  readonly objects: number;
  readonly bytes: number;
  /** When something was written there last; absent while nothing was. */
  readonly lastWrittenAtMs?: number;
}

/** Kept up with each write, for those who look every second must not count 100,000 objects each time. */
export class UsageCount {
  #objects = 0;
  #bytes = 0;
  #lastWrittenAtMs = 0;

  /** What a key stood for, and what it stands for now. */
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
