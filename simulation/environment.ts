import type { Answer, Fetched } from '../core/ports.ts';
import type { ActiveFault } from '../local/fault/fault.ts';
import type { FaultBoard } from '../local/fault/fault-board.ts';
import type { SimulatedTime } from './simulated-time.ts';

export interface Call {
  readonly service: 's3' | 'sqs' | 'dynamodb';
  /** The region that is called. */
  readonly region: string;
  readonly action: string;
}

export interface EnvironmentOptions {
  readonly time: SimulatedTime;
  readonly board: FaultBoard;
  readonly region: string;
  /** `store`, `replay`, … */
  readonly functionName: string;
  /**
   * Dies at this step, counted from 1; each call has two: before it has any effect, and after it but before its answer.
   * Absent = it lives.
   */
  readonly diesAtStep?: number;
}

export type Invocation<T> = { readonly kind: 'returned'; readonly value: T } | { readonly kind: 'died' };

const latencyMs = 10;

/**
 * The environment of one invocation: everything that a function does to the world goes through it, where faults strike
 * and where it may be killed. A dead one does nothing any more: none of its calls has an effect or an answer.
 */
export class Environment {
  readonly #options: EnvironmentOptions;
  #steps = 0;
  #alive = true;
  #die: () => void = () => {};

  constructor(options: EnvironmentOptions) {
    this.#options = options;
  }

  /** How many steps it has taken: the points at which it could have died. */
  get steps(): number {
    return this.#steps;
  }

  /** Runs a handler to its end, its death, or its time-out, which is a death too. */
  async invoke<T>(timeoutMs: number, handler: () => Promise<T>): Promise<Invocation<T>> {
    const death = new Promise<Invocation<T>>((resolve) => {
      this.#die = () => {
        this.#alive = false;
        resolve({ kind: 'died' });
      };
    });
    const callOff = this.#options.time.after(timeoutMs, () => this.#die());
    try {
      return await Promise.race([handler().then((value) => ({ kind: 'returned', value }) as const), death]);
    } finally {
      callOff();
    }
  }

  /** What a call brings after faults had their say; `perform` is its effect. */
  async call<T>(call: Call, budgetMs: number, perform: () => Fetched<T>): Promise<Fetched<T>> {
    const { time, board, region, functionName } = this.#options;
    await this.#step();
    const strikes = board.strikes({ ...call, caller: functionName, callerRegion: region });
    const answer = strikes.map(refusal).find((refused) => refused !== undefined);
    if (answer) {
      await time.sleep(answer.code === timeout.code ? budgetMs : latencyMs);
      return { kind: 'failed', answer };
    }
    const durationMs = latencyMs + Math.max(0, ...strikes.map(({ delayMs = 0 }) => delayMs));
    const result = perform();
    if (strikes.some(({ effect }) => effect === 'kill')) this.#die();
    await this.#step();
    await time.sleep(Math.min(durationMs, budgetMs));
    if (durationMs > budgetMs) return { kind: 'failed', answer: timeout };
    return strikes.some(({ effect }) => effect === 'lose-reply') ? { kind: 'failed', answer: reset } : result;
  }

  async #step(): Promise<void> {
    this.#steps += 1;
    if (this.#steps === this.#options.diesAtStep) this.#die();
    if (!this.#alive) await new Promise<never>(() => {});
  }
}

const timeout: Answer = { status: 0, code: 'Timeout' };
const reset: Answer = { status: 0, code: 'ECONNRESET' };

/** What a fault answers instead of letting the call happen; undefined when it lets it happen. */
function refusal({ effect, status, code }: ActiveFault): Answer | undefined {
  switch (effect) {
    case 'error':
    case 'capacity':
      return { status: status ?? 503, code: code ?? 'ServiceUnavailable' };
    case 'hang':
      return timeout;
    case 'reset':
      return reset;
    default:
      return undefined;
  }
}
