import type { Answer, Fetched } from '../core/ports.ts';
import type { ActiveFault } from '../local/fault/fault.ts';
import type { FaultBoard } from '../local/fault/fault-board.ts';
import type { Chance } from '../local/model/time.ts';
import type { SimulatedTime } from './simulated-time.ts';

export interface Call {
  readonly service: 's3' | 'sqs' | 'dynamodb';
  /** The region of the called service. */
  readonly region: string;
  readonly action: string;
}

export interface SimulatedEnvironmentOptions {
  readonly time: SimulatedTime;
  readonly board: FaultBoard;
  readonly chance: Chance;
  readonly region: string;
  /** `store`, `replay`, … */
  readonly functionName: string;
  /**
   * The environment dies at this step, counted from 1. Each call has two steps: before its effect, and between its
   * effect and its answer. Without this option the environment does not die.
   */
  readonly diesAtStep?: number;
}

export type SimulatedInvocation<T> = { readonly kind: 'returned'; readonly value: T } | { readonly kind: 'died' };

const latencyMs = 10;

/**
 * The environment of one invocation. All calls of a function go through it, so that faults can strike them and the
 * environment can die. After its death no call begins or has an answer. A call that was under way may still have its
 * effect.
 */
export class SimulatedEnvironment {
  readonly #options: SimulatedEnvironmentOptions;
  #steps = 0;
  #alive = true;
  #die: () => void = () => {};

  constructor(options: SimulatedEnvironmentOptions) {
    this.#options = options;
  }

  /** The number of steps so far, at each of which the environment could have died. */
  get steps(): number {
    return this.#steps;
  }

  /** Runs a handler until it returns or the environment dies. A timeout is a death too. */
  async invoke<T>(timeoutMs: number, handler: () => Promise<T>): Promise<SimulatedInvocation<T>> {
    const death = new Promise<SimulatedInvocation<T>>((resolve) => {
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

  /**
   * Makes a call, which faults may refuse or delay. `perform` is the effect of the call. It happens at any moment before
   * the answer, so calls of several environments at one time meet in any order.
   */
  async call<T>(call: Call, budgetMs: number, perform: () => Fetched<T>): Promise<Fetched<T>> {
    const { time, board, chance, region, functionName } = this.#options;
    await this.#step();
    const strikes = board.strikes({ ...call, caller: functionName, callerRegion: region });
    const answer = strikes.map(refusal).find((refused) => refused !== undefined);
    if (answer) {
      await time.sleep(answer.code === timeout.code ? budgetMs : latencyMs);
      return { kind: 'failed', answer };
    }
    const durationMs = latencyMs + Math.max(0, ...strikes.map(({ delayMs = 0 }) => delayMs));
    const effectMs = Math.floor(chance() * latencyMs);
    await time.sleep(effectMs);
    const result = perform();
    if (strikes.some(({ effect }) => effect === 'kill')) this.#die();
    await this.#step();
    await time.sleep(Math.min(durationMs, budgetMs) - effectMs);
    if (durationMs > budgetMs) return { kind: 'failed', answer: timeout };
    return strikes.some(({ effect }) => effect === 'lose-reply') ? { kind: 'failed', answer: reset } : result;
  }

  async #step(): Promise<void> {
    this.#steps += 1;
    if (this.#steps === this.#options.diesAtStep) this.#die();
    if (!this.#alive) await new Promise<never>(() => {});
  }
}

/** The plain answer of a call whose value nobody needs. */
export function answerTo(result: Fetched<unknown>): Answer {
  return result.kind === 'ok' ? { status: 200, code: '' } : result.answer;
}

const timeout: Answer = { status: 0, code: 'Timeout' };
const reset: Answer = { status: 0, code: 'ECONNRESET' };

/** The fault's answer when the fault prevents the call; undefined when the call happens. */
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
