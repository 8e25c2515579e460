import { limits } from '../core/limits.ts';
import type { Clock, QueueReceiver, ReceivedMessage } from '../core/ports.ts';

const { queueBudgetMs, removeWaitMs, failedReceivesMax } = limits.replay;

/** SQS's maximum of one call. */
const batchCountMax = 10;

/**
 * One queue during one run of replay: what is received from it, and what has to be said to it about each message.
 * Removing is put off until it fills a call; a message that is not removed is delivered once more, which does no harm.
 */
export class Feed {
  readonly #queue: QueueReceiver;
  readonly #clock: Clock;
  #state: 'open' | 'receiving' | 'ended' = 'open';
  #failedInARow = 0;
  #done: string[] = [];
  #doneSinceMs = 0;
  readonly #unremoved: string[] = [];
  readonly #returned: string[] = [];

  constructor(queue: QueueReceiver, clock: Clock) {
    this.#queue = queue;
    this.#clock = clock;
  }

  /** Whether there may be more to receive now: one call at a time, and none after an empty one or failures in a row. */
  get ready(): boolean {
    return this.#state === 'open';
  }

  async receive(countMax: number): Promise<readonly ReceivedMessage[]> {
    this.#state = 'receiving';
    const received = await this.#queue.receive(Math.min(countMax, batchCountMax), queueBudgetMs);
    this.#failedInARow = received.kind === 'ok' ? 0 : this.#failedInARow + 1;
    const messages = received.kind === 'ok' ? received.value : [];
    const goesOn = received.kind === 'ok' ? messages.length > 0 : this.#failedInARow < failedReceivesMax;
    this.#state = goesOn ? 'open' : 'ended';
    return messages;
  }

  /** The message is done with. */
  async finish({ receipt }: ReceivedMessage): Promise<void> {
    if (this.#done.length === 0) this.#doneSinceMs = this.#clock.nowMs();
    this.#done.push(receipt);
    const waitedMs = this.#clock.nowMs() - this.#doneSinceMs;
    if (this.#done.length >= batchCountMax || waitedMs >= removeWaitMs) await this.#removeDone();
  }

  /**
   * The message goes back, but only when the run ends: made visible at once, this very run would receive and try it
   * again while nothing has changed.
   */
  giveBack({ receipt }: ReceivedMessage): void {
    this.#returned.push(receipt);
  }

  /** Ends within twice `limits.replay.queueBudgetMs`. */
  async close(): Promise<void> {
    this.#state = 'ended';
    await Promise.all([this.#removeLast(), this.#release()]);
  }

  async #removeLast(): Promise<void> {
    await this.#removeDone();
    if (this.#unremoved.length > 0) await this.#queue.remove(this.#unremoved, queueBudgetMs);
  }

  async #removeDone(): Promise<void> {
    const receipts = this.#done;
    if (receipts.length === 0) return;
    this.#done = [];
    const removed = await this.#queue.remove(receipts, queueBudgetMs);
    this.#unremoved.push(...(removed.kind === 'ok' ? removed.value : receipts));
  }

  async #release(): Promise<void> {
    if (this.#returned.length > 0) await this.#queue.release(this.#returned, queueBudgetMs);
  }
}
