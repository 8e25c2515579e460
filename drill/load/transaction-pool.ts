import type { Transaction } from './links.ts';

/**
 * Transactions of answered clicks, for conversions. Each is used once while there are fresh ones. Afterwards they are
 * used again, like those of an advertiser who reports several goals.
 */
export class TransactionPool {
  readonly #chance: () => number;
  readonly #fresh: Transaction[] = [];
  readonly #used: Transaction[] = [];
  readonly #waiting: ((transaction: Transaction | undefined) => void)[] = [];
  #closed = false;

  constructor(chance: () => number) {
    this.#chance = chance;
  }

  add(transaction: Transaction): void {
    this.#fresh.push(transaction);
    for (const answer of this.#waiting.splice(0)) answer(this.#draw());
  }

  /** Waits for the first transaction. Undefined when the load ended without one. */
  take(): Promise<Transaction | undefined> {
    const transaction = this.#draw();
    if (transaction !== undefined || this.#closed) return Promise.resolve(transaction);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#closed = true;
    for (const answer of this.#waiting.splice(0)) answer(undefined);
  }

  #draw(): Transaction | undefined {
    const from = this.#fresh.length > 0 ? this.#fresh : this.#used;
    const [transaction] = from.splice(Math.floor(this.#chance() * from.length), 1);
    if (transaction !== undefined) this.#used.push(transaction);
    return transaction;
  }
}
