/** The messages between the host and the worker of an environment. */

import type { MessagePort } from 'node:worker_threads';

/** Passed once, when the worker starts. */
export interface EnvironmentData {
  /** File URL of the bundle's module. */
  readonly moduleUrl: string;
  readonly exportName: string;
  /** One 32-bit number: how many invocations the host has passed so far. The frozen worker waits for it to change. */
  readonly handedOver: SharedArrayBuffer;
  /** Answers what the worker asks of the network (outbound.mjs). */
  readonly network: MessagePort;
  readonly endpointUrl: string;
  /** One 32-bit number: one of `threadStates`. */
  readonly threadState: SharedArrayBuffer;
  /** The part of the Lambda context that all requests share. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * Node.js aborts the whole process when a thread is ended while zlib makes a stream ("close before init", seen with
 * 20.20). So a thread reports when it is in zlib, and is not ended during that time. A thread that is `doomed` does not
 * enter zlib again.
 */
export const threadStates = { endable: 0, inZlib: 1, doomed: 2 } as const;

export interface HandedInvocation {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  /** ms since the epoch. */
  readonly deadlineMs: number;
  /** How far the cloud's clock is ahead of the machine's. */
  readonly aheadMs: number;
}

/** In Lambda's words for the answer to a failed invocation. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

export type EnvironmentMessage =
  | { readonly kind: 'log'; readonly text: string }
  /** Init or an invocation has ended; the payload is JSON text. */
  | { readonly kind: 'done'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: FunctionError };
