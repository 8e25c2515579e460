import type { DynamoDbError } from './dynamodb-error.ts';

/** Why one action of a transaction was not done; `None` for those that would have been. */
export interface Reason {
  readonly Code: string;
  readonly Message?: string;
}

/** Reasons stand in the order of the actions. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html#API_TransactWriteItems_Errors */
export function cancelled(reasons: readonly Reason[]): DynamoDbError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return {
    type: 'TransactionCanceledException',
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    more: { CancellationReasons: reasons },
  };
}
