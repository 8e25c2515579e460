import { limits } from '../../core/limits/limits.ts';
import type { TableItem, TableQuery } from '../../core/ports.ts';
import { done, type LedgerPorts, left, refused, type Step } from './steps.ts';

/** The items of all pages of a query. */
export async function queryAll(
  query: TableQuery,
  { table, clock }: LedgerPorts,
  endMs: number,
): Promise<Step<readonly TableItem[]>> {
  const items: TableItem[] = [];
  let after: TableItem | undefined;
  do {
    if (clock.nowMs() >= endMs + limits.ledger.tableBudgetMs) return left('the time is over');
    const page = await table.query(after === undefined ? query : { ...query, after }, limits.ledger.tableBudgetMs);
    if (page.kind === 'failed') return refused(`cannot read ${query.pk}`, page.answer);
    items.push(...page.value.items);
    after = page.value.next;
  } while (after !== undefined);
  return done(items);
}
