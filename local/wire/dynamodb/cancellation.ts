import type { DynamoDbError } from './dynamodb-error.ts';

/** Why one action of a transaction failed. The code is `None` for an action that could have succeeded. */
export interface Reason {
  readonly Code: string;
  readonly Message?: string;
}

/**
 * One reason for each action, in the order of the actions.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html#API_TransactWriteItems_Errors
 */
export function cancelled(reasons: readonly Reason[]): DynamoDbError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return {
    type: 'TransactionCanceledException',
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    more: { CancellationReasons: reasons },
  };
}
