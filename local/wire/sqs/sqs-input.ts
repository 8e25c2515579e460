import { z } from 'zod';
import { type SqsError, sqsError } from './sqs-error.ts';

/** Parts that the inputs of several actions share. The messages are SQS's own. */

export function required(name: string) {
  const error = `The request must contain the parameter ${name}.`;
  return z.string({ error }).min(1, { error });
}

export function wholeNumber(name: string, min: number, max: number) {
  const error = ({ input }: { readonly input?: unknown }) =>
    `Value ${String(input)} for parameter ${name} is invalid. Reason: Must be >= ${min} and <= ${max}, if provided.`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

export const visibilitySeconds = wholeNumber('VisibilityTimeout', 0, 43_200);
export const nameList = z.array(z.string()).optional();

export type InputOrError<T> = { readonly value: T } | { readonly error: SqsError };

/** SQS reports only the first problem. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): InputOrError<T> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { error: sqsError('Serialization', 'The request body is not a JSON object.') };
  }
  const result = schema.safeParse(input);
  if (result.success) return { value: result.data };
  const message = result.error.issues[0]?.message ?? 'The request is not understood.';
  const isMissing = message.startsWith('The request must contain');
  return { error: sqsError(isMissing ? 'MissingParameter' : 'InvalidParameterValue', message) };
}
