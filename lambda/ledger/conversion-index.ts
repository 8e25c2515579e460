import { firstConversionKey } from '../../core/figures/table-keys.ts';
import { type FirstConversion, firstConversionsIn } from '../../core/ledger/first-conversion.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Answer, TableWrite } from '../../core/ports.ts';
import { retryTableCall } from '../shared/retry-table-call.ts';
import { done, type LedgerPorts, refused, type Step } from './steps.ts';

const { tableBudgetMs } = limits.ledger;

/** The first conversions that the index has of these keys. */
export async function readFirsts(
  keys: readonly string[],
  { table }: LedgerPorts,
): Promise<Step<ReadonlyMap<string, FirstConversion>>> {
  if (keys.length === 0) return done(new Map());
  const items = await table.get(keys.map(firstConversionKey), tableBudgetMs);
  if (items.kind === 'failed') return refused('cannot read the conversion index', items.answer);
  return done(firstConversionsIn(items.value, keys));
}

/** A single write needs no transaction, which costs double. */
export function writeTogether(writes: readonly TableWrite[], ports: LedgerPorts, endMs: number): Promise<Answer> {
  const [write, ...others] = writes;
  const { table } = ports;
  return retryTableCall(
    (budgetMs) => (write && others.length === 0 ? table.write(write, budgetMs) : table.transact(writes, budgetMs)),
    ports,
    endMs + tableBudgetMs,
  );
}
