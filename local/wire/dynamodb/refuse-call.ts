import { cancelled } from './cancellation.ts';
import type { DynamoDbCall, DynamoDbOutcome } from './dynamodb-action.ts';

/** What a fault, or a policy, makes of a call. */
export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** The partitions that are in trouble, and no others; absent when all are. */
  readonly keys?: readonly string[] | undefined;
}

/**
 * Trouble with some items has other words in a transaction, which is cancelled with a reason for each action, and in a batch,
 * which goes on without them. A code may be given in either way.
 */
export function refuseCall(call: DynamoDbCall, { status, code, message, keys }: Refused): DynamoDbOutcome {
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html: what a policy refuses is a 400.
  if (code === 'AccessDenied') return { error: { type: 'AccessDeniedException', message } };
  const trouble = troubles.find(({ reason, type }) => code === reason || code === type);
  if (!trouble) return { error: { type: code, message, status } };
  const isStruck = (key: string, index: number): boolean => keys?.includes(key) ?? index === 0;
  if (call.isTransaction) {
    const reasons = call.keys.map((key, index) =>
      isStruck(key, index) ? { Code: trouble.reason, Message: message } : { Code: 'None' },
    );
    return { error: cancelled(reasons) };
  }
  if (call.performWithout && keys && trouble.isThrottle && !call.keys.every(isStruck)) {
    return call.performWithout(keys);
  }
  return { error: { type: trouble.type, message } };
}

/** As a reason of a cancelled transaction, and as an error of any other call. */
const troubles = [
  { reason: 'TransactionConflict', type: 'TransactionConflictException', isThrottle: false },
  { reason: 'ThrottlingError', type: 'ThrottlingException', isThrottle: true },
  { reason: 'ProvisionedThroughputExceeded', type: 'ProvisionedThroughputExceededException', isThrottle: true },
] as const;
