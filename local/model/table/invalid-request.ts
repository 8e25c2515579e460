/**
 * What DynamoDB answers with a ValidationException. Thrown wherever a request turns out to make no sense, and caught where
 * a request comes in: most of these lie deep in an expression.
 */
export class InvalidRequest extends Error {}

export type Checked<T> = T | { readonly kind: 'invalid'; readonly message: string };

/** Makes a value of the exception; others are surprises, and go on. */
export function checked<T>(work: () => T): Checked<T> {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InvalidRequest)) throw error;
    return { kind: 'invalid', message: error.message };
  }
}

/** "One or more parameter values were invalid", as DynamoDB begins most of them. */
export function invalidValue(problem: string): InvalidRequest {
  return new InvalidRequest(`One or more parameter values were invalid: ${problem}`);
}
