import { cancelled } from './cancellation.ts';
import type { DynamoDbCall, DynamoDbOutcome } from './dynamodb-action.ts';

/** How a fault or a policy refuses a call. */
export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Only the items of these partitions fail; absent = all items. */
  readonly keys?: readonly string[] | undefined;
}

/**
 * A transaction reports trouble with some items as a reason for each action. A batch performs the other items. A fault
 * may give the code in either form.
 */
export function refuseCall(call: DynamoDbCall, { status, code, message, keys }: Refused): DynamoDbOutcome {
  // A policy refuses with status 400:
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
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

/** Each trouble as a reason of a cancelled transaction, and as an error of any other call. */
const troubles = [
  { reason: 'TransactionConflict', type: 'TransactionConflictException', isThrottle: false },
  { reason: 'ThrottlingError', type: 'ThrottlingException', isThrottle: true },
  { reason: 'ProvisionedThroughputExceeded', type: 'ProvisionedThroughputExceededException', isThrottle: true },
] as const;
