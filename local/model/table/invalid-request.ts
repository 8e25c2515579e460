/**
 * A request that DynamoDB answers with a ValidationException. Most of these mistakes are found deep in an expression,
 * so they are thrown there and caught where the request arrives.
 */
export class InvalidRequest extends Error {}

export type Checked<T> = T | { readonly kind: 'invalid'; readonly message: string };

/** Turns an InvalidRequest into a value, and rethrows every other error. */
export function checked<T>(work: () => T): Checked<T> {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InvalidRequest)) throw error;
    return { kind: 'invalid', message: error.message };
  }
}

export function invalidValue(problem: string): InvalidRequest {
  return new InvalidRequest(`One or more parameter values were invalid: ${problem}`);
}
