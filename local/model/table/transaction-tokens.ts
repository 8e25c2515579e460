import type { ModelTime } from '../time.ts';

/**
 * Client request tokens. For ten minutes after a transaction, the same request with the same token does nothing and
 * succeeds. Another request with that token is refused.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-apis-txwriteitems-idempotency
 */
export class TransactionTokens {
  readonly #time: ModelTime;
  readonly #done = new Map<string, { readonly request: string; readonly atMs: number }>();

  constructor(time: ModelTime) {
    this.#time = time;
  }

  /** Equal requests have equal texts in `request`. */
  look(token: string, request: string): 'new' | 'done' | 'mismatch' {
    this.#forget();
    const done = this.#done.get(token);
    if (!done) return 'new';
    return done.request === request ? 'done' : 'mismatch';
  }

  /** Call this after a transaction was carried out. A cancelled transaction can be tried again with its token. */
  remember(token: string, request: string): void {
    this.#done.set(token, { request, atMs: this.#time.nowMs() });
  }

  #forget(): void {
    const nowMs = this.#time.nowMs();
    for (const [token, { atMs }] of this.#done) {
      if (nowMs - atMs < validMs) return;
      this.#done.delete(token);
    }
  }
}

const validMs = 600_000;
