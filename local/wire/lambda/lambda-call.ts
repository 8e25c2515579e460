import type { WireCall } from '../wire-service.ts';

interface LambdaError {
  readonly status: number;
  /** The shape's name, such as `ResourceNotFoundException`. */
  readonly type: string;
  readonly message: string;
}

export type LambdaOutcome = { readonly output: object } | { readonly error: LambdaError };

/** A request taken out of its protocol. */
export interface LambdaCall extends Pick<WireCall, 'action' | 'needs'> {
  perform(): LambdaOutcome;
}
