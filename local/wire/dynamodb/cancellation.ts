import type { Item } from '../../model/table/attribute-value.ts';
import type { DynamoDbError } from './error.ts';

/** Why one action of a transaction was not done; `None` for those that would have been. */
export interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
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

/** Reasons that a fault can name as its code, and what the same trouble is called when a single item is asked for. */
const troubles: Readonly<Record<string, string>> = {
  TransactionConflict: 'TransactionConflictException',
  ThrottlingError: 'ThrottlingException',
  ProvisionedThroughputExceeded: 'ProvisionedThroughputExceededException',
};

/** What a fault's code makes of a call: of a transaction its first action is what met the trouble. */
export function troubleOf(
  code: string,
  message: string,
  transactionActions: number | undefined,
): DynamoDbError | undefined {
  const single = Object.hasOwn(troubles, code) ? troubles[code] : undefined;
  if (single === undefined) return undefined;
  if (transactionActions === undefined) return { type: single, message };
  const others = Array.from({ length: Math.max(0, transactionActions - 1) }, () => ({ Code: 'None' }));
  return cancelled([{ Code: code, Message: message }, ...others]);
}
