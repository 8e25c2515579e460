import type { HandedMessage } from './queue-message.ts';
import type { ModelTime } from './time.ts';

export interface ReceiveRequest {
  /** 1 to 10 in SQS; not checked here. */
  readonly countMax: number;
  /** Absent = the queue's own. */
  readonly visibilitySeconds?: number;
}

export type ReceiveOutcome =
  | { readonly kind: 'received'; readonly messages: readonly HandedMessage[] }
  | { readonly kind: 'over-limit' };

export interface WaitingReceive {
  readonly request: ReceiveRequest;
  /** Ends the wait with this outcome. */
  answer(outcome: ReceiveOutcome): void;
}

/** Long polls that wait for messages, in the order in which they came. */
export class ReceiveLine {
  readonly #time: ModelTime;
  readonly #waiting = new Set<WaitingReceive>();

  constructor(time: ModelTime) {
    this.#time = time;
  }

  /** Answered by whoever takes it from the line, and empty once `waitMs` have passed or `signal` aborts. */
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

  /** Everybody leaves with nothing. */
  dismiss(): void {
    for (const waiting of [...this.#waiting]) waiting.answer({ kind: 'received', messages: [] });
  }
}
