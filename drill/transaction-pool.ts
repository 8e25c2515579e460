/**
 * Transaction ids that clicks brought back, for conversions to use: each once as long as they last, then again, as an
 * advertiser does who reports several goals.
 */
export class TransactionPool {
  readonly #chance: () => number;
  readonly #fresh: string[] = [];
  readonly #used: string[] = [];
  readonly #waiting: ((transactionId: string | undefined) => void)[] = [];
  #closed = false;

  constructor(chance: () => number) {
    this.#chance = chance;
  }

  add(transactionId: string): void {
    this.#fresh.push(transactionId);
    for (const answer of this.#waiting.splice(0)) answer(this.#draw());
  }

  /** Waits for the first id when there was none yet; `undefined` when the load ended without one. */
  take(): Promise<string | undefined> {
    const transactionId = this.#draw();
    if (transactionId !== undefined || this.#closed) return Promise.resolve(transactionId);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#closed = true;
    for (const answer of this.#waiting.splice(0)) answer(undefined);
  }

  #draw(): string | undefined {
    const from = this.#fresh.length > 0 ? this.#fresh : this.#used;
    const [transactionId] = from.splice(Math.floor(this.#chance() * from.length), 1);
    if (transactionId !== undefined) this.#used.push(transactionId);
    return transactionId;
  }
}
