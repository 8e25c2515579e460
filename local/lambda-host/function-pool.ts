import type { AdvancingTime } from '../clock.ts';
import type { FunctionState } from '../handle.ts';
import type { ModelTime } from '../model/time.ts';
import type { LambdaEnvironment, TurnOutcome } from './lambda-environment.ts';

export interface PoolOptions {
  readonly functionName: string;
  readonly timeoutSeconds: number;
  /** The function's reserved concurrency. Requests beyond it are throttled at once. */
  readonly reservedConcurrency?: number;
  /** How many environments this machine may hold for the function. Requests beyond it wait. */
  readonly environmentsMax: number;
  readonly time: ModelTime & Pick<AdvancingTime, 'aheadMs'>;
  /** Measures idleness, at the speed of the cloud. Time-outs do not run faster. */
  readonly fastTime: ModelTime;
  readonly requestId: () => string;
  /** Starts an environment; undefined when a fault makes new ones fail. */
  readonly start: (environmentNumber: number) => LambdaEnvironment | undefined;
}

export type InvokeOutcome = TurnOutcome | { readonly kind: 'throttled' };

interface Request {
  readonly payload: string;
  readonly answer: (outcome: InvokeOutcome) => void;
}

/**
 * Init may take 10 seconds. Lambda begins a longer one again with the first invocation, within the function's time-out:
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html.
 * Here a long init goes on, because only a busy machine makes it slow.
 */
const initLimitMs = 10_000;
/** AWS does not say how long Lambda keeps an idle environment. People observe some minutes. */
const idleLimitMs = 300_000;
const waitingMax = 512;
/**
 * Lambda starts an environment for each request, on a machine of its own. Here all share one machine. While many start
 * at once, nothing else gets done, and budgets of some 100 ms run out everywhere.
 */
const startingMax = 2;
const startRefused: TurnOutcome = {
  kind: 'failed',
  error: { errorType: 'Sandbox.InitError', errorMessage: 'a fault makes new environments fail' },
};

/**
 * The environments of one function. Each serves one request at a time. More are started while requests wait. The idle
 * environment that was used last is used first. A waiting request takes a new environment or one that becomes free,
 * whichever comes first.
 */
export class FunctionPool {
  readonly #options: PoolOptions;
  readonly #environments = new Map<number, LambdaEnvironment>();
  readonly #idle: { readonly environment: LambdaEnvironment; readonly cancelEnd: () => void }[] = [];
  readonly #waiting: Request[] = [];
  #starting = 0;
  #busy = 0;
  #invocations = 0;
  #errors = 0;
  #failedStarts = 0;
  #coldStarts = 0;
  #stopped = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  invoke(payload: string): Promise<InvokeOutcome> {
    const { reservedConcurrency = Number.POSITIVE_INFINITY } = this.#options;
    const exceeds = this.#busy + this.#waiting.length >= reservedConcurrency || this.#waiting.length >= waitingMax;
    if (exceeds || this.#stopped) return Promise.resolve({ kind: 'throttled' });
    return new Promise((answer) => {
      this.#waiting.push({ payload, answer });
      this.#advance();
    });
  }

  /** Ends one environment in the middle of what it does; false when there is none of that number. */
  kill(environmentNumber: number): boolean {
    const environment = this.#environments.get(environmentNumber);
    void environment?.end({
      errorType: 'Runtime.ExitError',
      errorMessage: 'Runtime exited with error: signal: killed',
    });
    return environment !== undefined;
  }

  killAll(): void {
    for (const number of [...this.#environments.keys()]) this.kill(number);
  }

  state(): FunctionState {
    return {
      name: this.#options.functionName,
      environments: this.#environments.size,
      busy: this.#busy,
      invocations: this.#invocations,
      errors: this.#errors,
      failedStarts: this.#failedStarts,
      coldStarts: this.#coldStarts,
    };
  }

  /** Requests under way fail, requests that wait are throttled. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { answer } of this.#waiting.splice(0)) answer({ kind: 'throttled' });
    for (const { cancelEnd } of this.#idle.splice(0)) cancelEnd();
    const reason = { errorType: 'Runtime.ExitError', errorMessage: 'the local cloud was stopped' };
    await Promise.all([...this.#environments.values()].map((environment) => environment.end(reason)));
  }

  #advance(): void {
    while (this.#waiting.length > 0) {
      const environment = this.#takeIdle();
      if (environment === undefined) break;
      const request = this.#waiting.shift();
      if (request) void this.#serve(environment, request);
    }
    while (this.#starting < Math.min(this.#waiting.length, startingMax) && this.#hasRoom()) void this.#start();
  }

  #takeIdle(): LambdaEnvironment | undefined {
    const idle = this.#idle.pop();
    idle?.cancelEnd();
    if (!idle?.environment.ended) return idle?.environment;
    this.#environments.delete(idle.environment.number);
    return this.#takeIdle();
  }

  #hasRoom(): boolean {
    return !this.#stopped && this.#environments.size < this.#options.environmentsMax;
  }

  async #start(): Promise<void> {
    this.#starting += 1;
    this.#coldStarts += 1;
    const number = this.#coldStarts;
    const environment = this.#options.start(number);
    if (environment) this.#environments.set(number, environment);
    const limitMs = initLimitMs + this.#options.timeoutSeconds * 1_000;
    const outcome = await (environment?.init(limitMs) ?? startRefused);
    this.#starting -= 1;
    if (environment && outcome.kind === 'done') this.#rest(environment);
    else this.#failStart(number, outcome);
    this.#advance();
  }

  #failStart(number: number, outcome: TurnOutcome): void {
    this.#environments.delete(number);
    this.#failedStarts += 1;
    this.#waiting.shift()?.answer(outcome);
  }

  async #serve(environment: LambdaEnvironment, request: Request): Promise<void> {
    const { time, timeoutSeconds, requestId } = this.#options;
    const limitMs = timeoutSeconds * 1000;
    this.#busy += 1;
    this.#invocations += 1;
    const { payload } = request;
    const outcome = await environment.invoke(
      { requestId: requestId(), payload, deadlineMs: time.nowMs() + limitMs, aheadMs: time.aheadMs() },
      limitMs,
    );
    this.#busy -= 1;
    if (outcome.kind === 'failed') this.#errors += 1;
    if (environment.ended) this.#environments.delete(environment.number);
    else this.#rest(environment);
    request.answer(outcome);
    this.#advance();
  }

  #rest(environment: LambdaEnvironment): void {
    const cancelEnd = this.#options.fastTime.after(idleLimitMs, () => {
      const at = this.#idle.findIndex((idle) => idle.environment === environment);
      if (at >= 0) this.#idle.splice(at, 1);
      this.#environments.delete(environment.number);
      void environment.end({ errorType: 'Runtime.ExitError', errorMessage: 'idle for too long' });
    });
    this.#idle.push({ environment, cancelEnd });
  }
}
