import { answerText, asksForLess, callOutcome, isStored } from '../../../core/call-outcome.ts';
import { inParallel } from '../../../core/in-parallel.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { Answer, Bucket, Clock, Fetched, StoredObject } from '../../../core/ports.ts';
import { listWhole } from '../../../eventlog/list-hour.ts';
import type { StoredRegion } from '../../clients/region-copy.ts';

/** A step of a replacement could not be done. The message says which, and why, for people. */
export class ReplacementFailure extends Error {}

const { attemptsMax, callBudgetMs, copiesAtOnce, pagesMax, pauseMs } = limits.replacing;

/** What all steps of one run share: the region to fill, and the one that it is filled from. */
export class Replacement {
  readonly survivor: StoredRegion;
  readonly fresh: StoredRegion;
  readonly clock: Clock;
  /** Prints progress. */
  readonly progress: (line: string) => void;

  constructor(survivor: StoredRegion, fresh: StoredRegion, clock: Clock, progress: (line: string) => void) {
    this.survivor = survivor;
    this.fresh = fresh;
    this.clock = clock;
    this.progress = progress;
  }

  /** The keys below a prefix in the survivor's bucket that the fresh one lacks, in their order. */
  async lacking(prefix: string): Promise<readonly string[]> {
    const [there, here] = await Promise.all([this.keys(this.survivor, prefix), this.keys(this.fresh, prefix)]);
    const has = new Set(here);
    return there.filter((key) => !has.has(key));
  }

  async keys({ bucket, bucketName }: StoredRegion, prefix: string): Promise<readonly string[]> {
    const list = () => listWhole(bucket, prefix, { pagesMax, pageBudgetMs: callBudgetMs });
    return (await this.call(`${bucketName}/${prefix} cannot be listed`, list)).map(({ key }) => key);
  }

  /**
   * Copies objects as they are. Leaves out what exists already, and what the survivor has not any more. `callers`: how
   * many copy side by side. They share the copies at once.
   */
  async copy(keys: readonly string[], callers = 1): Promise<void> {
    await inParallel(keys, Math.floor(copiesAtOnce / callers), (key) => this.copyOne(key));
  }

  private async copyOne(key: string): Promise<void> {
    const { bucketName } = this.survivor;
    await this.call(`${bucketName}/${key} cannot be copied`, async () => {
      const answer = await this.fresh.copyFrom(bucketName, key, callBudgetMs);
      const isInPlace = isStored(answer) || callOutcome(answer) === 'missing';
      return isInPlace ? { kind: 'ok', value: undefined } : { kind: 'failed', answer };
    });
  }

  /** Undefined when there is no such object. */
  read({ bucket, bucketName }: StoredRegion, key: string): Promise<StoredObject | undefined> {
    return this.call(`${bucketName}/${key} cannot be read`, async (): Promise<Fetched<StoredObject | undefined>> => {
      const object = await bucket.get(key, callBudgetMs);
      const isMissing = object.kind === 'failed' && callOutcome(object.answer) === 'missing';
      return isMissing ? { kind: 'ok', value: undefined } : object;
    });
  }

  /** Compare-and-swap in the fresh bucket. Gives the new etag. */
  replace(key: string, body: Uint8Array, ifEtag: string | undefined): ReturnType<Bucket['replace']> {
    return this.fresh.bucket.replace(key, body, ifEtag, callBudgetMs);
  }

  /** Tries again while a service asks for fewer calls. `failing`: what it means when the call fails. */
  async call<T>(failing: string, call: () => Promise<Fetched<T>>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await call();
      if (result.kind === 'ok') return result.value;
      if (attempt >= attemptsMax || !isPassing(result.answer)) {
        throw new ReplacementFailure(`${failing} (${answerText(result.answer)})`);
      }
      await this.clock.sleep(pauseMs * 2 ** attempt);
    }
  }
}

function isPassing(answer: Answer): boolean {
  return asksForLess(answer) || callOutcome(answer) === 'conflict';
}
