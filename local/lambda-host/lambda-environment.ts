import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Internet, OutboundQuestion } from '../internet/internet.ts';
import type { ModelTime } from '../model/time.ts';
import {
  type EnvironmentData,
  type EnvironmentMessage,
  type FunctionError,
  type HandedInvocation,
  threadStates,
} from './worker-protocol.ts';

export interface LambdaEnvironmentOptions {
  readonly number: number;
  /** File URL of the bundle's module, and the function that it exports. */
  readonly moduleUrl: string;
  readonly exportName: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, string>>;
  readonly memoryMegabytes: number;
  readonly time: ModelTime;
  readonly endpointUrl: string;
  readonly internet: Internet;
  /** Whatever the function writes to stdout or stderr, as it writes it. */
  readonly onOutput: (text: string) => void;
}

export type TurnOutcome =
  | { readonly kind: 'done'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: FunctionError };

/** The pause before the next look at a thread that is in zlib. */
const zlibPauseMs = 1;
const bootstrapUrl = new URL('./bootstrap.mjs', import.meta.url);

/**
 * One Lambda environment: a worker thread that runs the real bundle, one turn at a time, and stands still between turns. Init
 * is the first turn. The memory limit bounds V8's heap, not the buffers beside it. An environment that has `ended` is of
 * no more use: its turn has failed, and a new environment must be started.
 */
export class LambdaEnvironment {
  readonly number: number;
  readonly #time: ModelTime;
  readonly #worker: Worker;
  readonly #network: MessagePort;
  readonly #handedOver = new SharedArrayBuffer(4);
  readonly #threadState = new SharedArrayBuffer(4);
  #endTurn: ((outcome: TurnOutcome) => void) | undefined;
  #ended = false;

  constructor(options: LambdaEnvironmentOptions) {
    this.number = options.number;
    this.#time = options.time;
    const { port1, port2 } = new MessageChannel();
    this.#network = port1;
    answerQuestions(port1, options.internet);
    this.#worker = new Worker(bootstrapUrl, {
      workerData: {
        moduleUrl: options.moduleUrl,
        exportName: options.exportName,
        handedOver: this.#handedOver,
        threadState: this.#threadState,
        network: port2,
        endpointUrl: options.endpointUrl,
        context: options.context,
      } satisfies EnvironmentData,
      transferList: [port2],
      env: { ...options.variables },
      // Without this the worker would load the TypeScript loader of the process, which a bundle does not need.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMegabytes },
    });
    this.#worker.on('message', (message: EnvironmentMessage) => this.#hear(message, options.onOutput));
    this.#worker.on('error', (error: unknown) => this.#fail(errorOf(error)));
    this.#worker.on('exit', (status) => this.#fail(runtimeExited(status)));
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Must be called once, right after the constructor. An environment whose init failed has ended. */
  async init(limitMs: number): Promise<TurnOutcome> {
    const outcome = await this.#turn(limitMs, initTimedOut(limitMs));
    if (outcome.kind === 'failed') void this.end(outcome.error);
    return outcome;
  }

  invoke(invocation: HandedInvocation, limitMs: number): Promise<TurnOutcome> {
    const outcome = this.#turn(limitMs, timedOut(invocation.requestId, limitMs));
    this.#worker.postMessage(invocation);
    const handedOver = new Int32Array(this.#handedOver);
    Atomics.add(handedOver, 0, 1);
    Atomics.notify(handedOver, 0);
    return outcome;
  }

  /** Ends the thread like SIGKILL, between any two side effects. Resolves when the thread is gone. */
  async end(reason: FunctionError): Promise<void> {
    this.#fail(reason);
    await this.#doom();
    await this.#worker.terminate();
    this.#network.close();
  }

  async #doom(): Promise<void> {
    const { endable, inZlib, doomed } = threadStates;
    const state = new Int32Array(this.#threadState);
    while (Atomics.compareExchange(state, 0, endable, doomed) === inZlib) {
      await new Promise<void>((resolve) => void this.#time.after(zlibPauseMs, resolve));
    }
  }

  #turn(limitMs: number, onTimeout: FunctionError): Promise<TurnOutcome> {
    return new Promise((resolve) => {
      const cancelTimeout = this.#time.after(limitMs, () => void this.end(onTimeout));
      this.#endTurn = (outcome) => {
        cancelTimeout();
        this.#endTurn = undefined;
        resolve(outcome);
      };
    });
  }

  #hear(message: EnvironmentMessage, onOutput: (text: string) => void): void {
    if (message.kind === 'log') onOutput(message.text);
    else this.#endTurn?.(message);
  }

  #fail(error: FunctionError): void {
    this.#ended = true;
    this.#endTurn?.({ kind: 'failed', error });
  }
}

function answerQuestions(network: MessagePort, internet: Internet): void {
  network.on('message', ({ number, question }: { readonly number: number; readonly question: OutboundQuestion }) => {
    network.postMessage({ number, answer: internet.ask(question) });
  });
  network.unref();
}

function errorOf(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(error) };
  const outOfMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return { errorType: outOfMemory ? 'Runtime.OutOfMemory' : error.name, errorMessage: error.message };
}

function runtimeExited(status: number): FunctionError {
  return { errorType: 'Runtime.ExitError', errorMessage: `Runtime exited with error: exit status ${status}` };
}

function initTimedOut(limitMs: number): FunctionError {
  return { errorType: 'Sandbox.Timedout', errorMessage: `Init timed out after ${(limitMs / 1000).toFixed(2)} seconds` };
}

function timedOut(requestId: string, limitMs: number): FunctionError {
  const seconds = (limitMs / 1000).toFixed(2);
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
  };
}
