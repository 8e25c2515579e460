import type { AttributeMap } from './attribute-value.ts';
import { transactionFactor } from './capacity.ts';
import { type Checked, checked, InvalidRequest } from './invalid-request.ts';
import { keyText } from './item-key.ts';
import { itemBytes } from './item-size.ts';
import { type PlannedWrite, type PreparedWrite, type ReadWrite, readWrite } from './prepared-write.ts';
import type { WriteRequest } from './request.ts';
import type { TableModel } from './table.ts';

/**
 * Writes that all happen, or none. They happen at once and never overlap with other calls, so only a fault answers
 * TransactionConflict.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
export interface TransactionWrite {
  readonly table: TableModel;
  readonly request: WriteRequest;
}

export type TransactionOutcome =
  | { readonly kind: 'written' }
  /** One reason for each write, in the same order. */
  | { readonly kind: 'cancelled'; readonly reasons: readonly CancellationReason[] };

export type CancellationReason =
  | { readonly kind: 'none' }
  | { readonly kind: 'condition-failed' }
  | { readonly kind: 'invalid'; readonly message: string };

const transactionActionsMax = 100;
const transactionBytesMax = 4 * 1_048_576;

export function transact(writes: readonly TransactionWrite[]): Checked<TransactionOutcome> {
  return checked(() => {
    checkCount(writes.length);
    const read = writes.map(({ table, request }) => readWrite(table, request));
    const fits = read.map(fitOf);
    if (fits.some(({ kind }) => kind === 'invalid')) return { kind: 'cancelled', reasons: fits };
    checkDistinct(read);
    const plans = read.map((one) => checked(() => one.plan()));
    if (plans.every((plan) => plan.kind === 'ready')) return carryOut(read, plans);
    return { kind: 'cancelled', reasons: plans.map(reasonOf) };
  });
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html#API_TransactWriteItems_Errors: ValidationError */
function fitOf(write: ReadWrite): CancellationReason {
  return checked((): CancellationReason => {
    write.checkFit();
    return { kind: 'none' };
  });
}

/** Throws an InvalidRequest. */
function checkCount(count: number): void {
  if (count > 0 && count <= transactionActionsMax) return;
  const problem = `Member must have length less than or equal to ${transactionActionsMax}, and greater than or equal to 1`;
  throw new InvalidRequest(
    `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: ${problem}`,
  );
}

/** Throws an InvalidRequest. */
function checkDistinct(items: readonly Pick<PreparedWrite, 'table' | 'key'>[]): void {
  const names = items.map(({ table, key }) => `${table.settings.arn} ${keyText(key, table.settings.key)}`);
  if (new Set(names).size === names.length) return;
  throw new InvalidRequest('Transaction request cannot include multiple operations on one item');
}

type Ready = Extract<PlannedWrite, { kind: 'ready' }>;

function carryOut(prepared: readonly PreparedWrite[], plans: readonly Ready[]): TransactionOutcome {
  checkBytes(plans.map(({ before, after }) => after ?? before));
  for (const [index, { table }] of prepared.entries()) {
    const plan = plans[index];
    if (!plan) continue;
    const { read, write } = table.replace(plan.before, plan.after);
    table.charge({ read: read * transactionFactor, write: write * transactionFactor });
  }
  return { kind: 'written' };
}

/** Throws an InvalidRequest when all written items together are too large. */
function checkBytes(items: readonly (AttributeMap | undefined)[]): void {
  const bytes = items.reduce((sum, item) => sum + (item ? itemBytes(item) : 0), 0);
  if (bytes <= transactionBytesMax) return;
  throw new InvalidRequest(`Transaction size ${bytes} exceeds the limit of ${transactionBytesMax} bytes`);
}

function reasonOf(plan: Checked<PlannedWrite>): CancellationReason {
  if (plan.kind === 'ready') return { kind: 'none' };
  return plan.kind === 'invalid' ? plan : { kind: 'condition-failed' };
}
