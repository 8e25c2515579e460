import { limits } from '../../core/limits/limits.ts';
import type { Clock, QueueReceiver, ReceivedMessage } from '../../core/ports.ts';

const { queueBudgetMs, removeWaitMs, failedReceivesMax, receivesAtOnceMax } = limits.replay;
const { callMessagesMax } = limits.queue;

/**
 * One queue during one run of replay. Collects what has to be said to the queue about each message. Removing waits
 * until it fills a call. A message that was not removed is delivered once more, which does no harm.
 */
export class QueueReader {
  readonly #queue: QueueReceiver;
  readonly #clock: Clock;
  #receiving = 0;
  #ended = false;
  #failedInARow = 0;
  #done: string[] = [];
  #doneSinceMs = 0;
  readonly #unremoved: string[] = [];
  readonly #returned: string[] = [];

  constructor(queue: QueueReceiver, clock: Clock) {
    this.#queue = queue;
    this.#clock = clock;
  }

  /** Whether there may be more to receive now: not after an empty receive, nor after several failures in a row. */
  get ready(): boolean {
    return !this.#ended && this.#receiving < receivesAtOnceMax;
  }

  async receive(countMax: number): Promise<readonly ReceivedMessage[]> {
    this.#receiving += 1;
    const received = await this.#queue.receive(Math.min(countMax, callMessagesMax), queueBudgetMs);
    this.#receiving -= 1;
    if (received.kind === 'failed') {
      this.#failedInARow += 1;
      this.#ended ||= this.#failedInARow >= failedReceivesMax;
      return [];
    }
    this.#failedInARow = 0;
    this.#ended ||= received.value.length === 0;
    return received.value;
  }

  /** The message is done with. */
  async finish({ receipt }: ReceivedMessage): Promise<void> {
    if (this.#done.length === 0) this.#doneSinceMs = this.#clock.nowMs();
    this.#done.push(receipt);
    const waitedMs = this.#clock.nowMs() - this.#doneSinceMs;
    if (this.#done.length >= callMessagesMax || waitedMs >= removeWaitMs) await this.#removeDone();
  }

  /**
   * The message goes back when the run ends. If it were visible at once, this run would receive and try it again
   * although nothing has changed.
   */
  giveBack({ receipt }: ReceivedMessage): void {
    this.#returned.push(receipt);
  }

  /** Also removes messages that could not be removed before. Ends within `limits.replay.queueBudgetMs`. */
  async close(): Promise<void> {
    this.#ended = true;
    this.#done.push(...this.#unremoved);
    await Promise.all([this.#removeDone(), this.#release()]);
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
