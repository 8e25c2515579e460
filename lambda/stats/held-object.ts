import { answerText, callOutcome, isOvertaken } from '../../core/call-outcome.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Bucket } from '../../core/ports.ts';

const { callBudgetMs } = limits.caps;

/** A small object that is written again and again, as one environment holds it. Reading it unchanged costs one call. */
export class HeldObject<Value> {
  readonly #bucket: Pick<Bucket, 'get' | 'replace'>;
  readonly #key: string;
  readonly #parse: (bytes: Uint8Array) => Value | undefined;
  #etag: string | undefined;
  #value: Value | undefined;

  constructor(bucket: Pick<Bucket, 'get' | 'replace'>, key: string, parse: (bytes: Uint8Array) => Value | undefined) {
    this.#bucket = bucket;
    this.#key = key;
    this.#parse = parse;
  }

  /** As it was last read or written. The last good one while the object cannot be understood. Undefined without one. */
  get value(): Value | undefined {
    return this.#value;
  }

  /** Why the bucket could not say what the object is. Undefined when it did, also when there is no such object. */
  async read(): Promise<string | undefined> {
    const found = await this.#bucket.get(this.#key, callBudgetMs, this.#etag);
    if (found.kind === 'ok') {
      this.#etag = found.value.etag;
      this.#value = this.#parse(found.value.body) ?? this.#value;
      return undefined;
    }
    const outcome = callOutcome(found.answer);
    if (outcome === 'unchanged') return undefined;
    if (outcome !== 'missing') return `cannot read ${this.#key}: ${answerText(found.answer)}`;
    this.#etag = undefined;
    this.#value = undefined;
    return undefined;
  }

  /**
   * Compare-and-swap. Another environment may have written meanwhile: then the object is read, and replaced unless
   * `isNewer` says that it is newer. Gives why it could not be written.
   */
  async write(value: Value, bytes: Uint8Array, isNewer: (stored: Value) => boolean): Promise<string | undefined> {
    if (await this.#swap(value, bytes)) return undefined;
    const problem = await this.read();
    if (problem !== undefined) return problem;
    if (this.#value !== undefined && isNewer(this.#value)) return undefined;
    return (await this.#swap(value, bytes)) ? undefined : `cannot write ${this.#key}`;
  }

  async #swap(value: Value, bytes: Uint8Array): Promise<boolean> {
    const replaced = await this.#bucket.replace(this.#key, bytes, this.#etag, callBudgetMs);
    if (replaced.kind === 'failed') {
      // After a call without an answer nobody knows which version is there.
      if (!isOvertaken(replaced.answer)) this.#etag = undefined;
      return false;
    }
    this.#etag = replaced.value;
    this.#value = value;
    return true;
  }
}
