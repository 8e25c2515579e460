import type { HandedMessage } from './queue-message.ts';
import type { ModelTime } from './time.ts';

export interface ReceiveRequest {
  /** SQS allows 1 to 10; this class does not check it. */
  readonly countMax: number;
  /** Absent = the time-out of the queue. */
  readonly visibilitySeconds?: number;
}

export type ReceiveOutcome =
  | { readonly kind: 'received'; readonly messages: readonly HandedMessage[] }
  | { readonly kind: 'over-limit' };

export interface WaitingReceive {
  readonly request: ReceiveRequest;
  answer(outcome: ReceiveOutcome): void;
}

/** Long polls that wait for messages, in their order of arrival. */
export class ReceiveLine {
  readonly #time: ModelTime;
  readonly #waiting = new Set<WaitingReceive>();

  constructor(time: ModelTime) {
    this.#time = time;
  }

  /**
   * The code that takes the receive from the line answers it. The answer is empty after `waitMs`, or when `signal` aborts.
   */
  join(request: ReceiveRequest, waitMs: number, signal?: AbortSignal): Promise<ReceiveOutcome> {
    return new Promise((resolve) => {
      const answer = (outcome: ReceiveOutcome): void => {
        if (!this.#waiting.delete(waiting)) return;
        callOff();
        signal?.removeEventListener('abort', leave);
        resolve(outcome);
      };
      const leave = (): void => answer({ kind: 'received', messages: [] });
      const waiting = { request, answer };
      this.#waiting.add(waiting);
      const callOff = this.#time.after(waitMs, leave);
      signal?.addEventListener('abort', leave);
    });
  }

  first(): WaitingReceive | undefined {
    return this.#waiting.values().next().value;
  }

  /** Answers every long poll with no messages. */
  dismiss(): void {
    for (const waiting of [...this.#waiting]) waiting.answer({ kind: 'received', messages: [] });
  }
}
