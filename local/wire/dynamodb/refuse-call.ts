import type { WireError } from '../json-protocol.ts';

/**
 * The error of a call that a fault or a policy refuses. DynamoDB throttles and denies with status 400:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function refusal(status: number, code: string, message: string): WireError {
  if (code === 'AccessDenied') return { type: 'AccessDeniedException', message };
  return throttles.includes(code) ? { type: code, message } : { type: code, message, status };
}

const throttles = ['ThrottlingException', 'ProvisionedThroughputExceededException'];
