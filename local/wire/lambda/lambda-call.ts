import type { WireCall, WireResponse } from '../wire-service.ts';

interface LambdaError {
  readonly status: number;
  /** The shape's name, such as `ResourceNotFoundException`. */
  readonly type: string;
  readonly message: string;
}

/** `reply` is for calls that do not answer an object in JSON. */
export type LambdaOutcome =
  | { readonly output: object }
  | { readonly reply: WireResponse }
  | { readonly error: LambdaError };

/** A request taken out of its protocol. */
export interface LambdaCall extends Pick<WireCall, 'action' | 'needs'> {
  perform(): Promise<LambdaOutcome> | LambdaOutcome;
}
