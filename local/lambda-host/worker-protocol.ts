/** What the host and an environment's worker say to each other. */

/** Given once, when the worker starts. */
export interface EnvironmentData {
  /** File URL of the bundle's module. */
  readonly moduleUrl: string;
  /** The module's exported function. */
  readonly exportName: string;
  /** One 32-bit number: how many invocations were handed over so far. The worker waits on it, frozen. */
  readonly handedOver: SharedArrayBuffer;
  /** One 32-bit number, `threadStates`. */
  readonly threadState: SharedArrayBuffer;
  /** The part of the Lambda context that is the same for every request. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * Node.js aborts the whole process when a thread is ended in the moment in which zlib makes a stream ("close before
 * init", seen with 20.20). So a thread says when it is in zlib, and is not ended meanwhile; once it is `doomed` it enters
 * zlib no more.
 */
export const threadStates = { endable: 0, inZlib: 1, doomed: 2 } as const;

export interface HandedInvocation {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  /** ms since the epoch. */
  readonly deadlineMs: number;
}

/** As Lambda words it in the answer to a failed invocation. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

export type EnvironmentMessage =
  | { readonly kind: 'log'; readonly text: string }
  /** Init or an invocation came to its end; the payload is JSON text. */
  | { readonly kind: 'done'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: FunctionError };
