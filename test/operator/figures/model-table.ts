import type { Table, TableItem, TableKey } from '../../../core/ports.ts';
import { createFunction } from '../../../simulation/world.ts';
import { home, worldWith } from '../../lambda/world-view.ts';

/** The table of figures of a simulated region with these items, read in pages of two. */
export async function tableOf(items: readonly TableItem[]) {
  const world = worldWith();
  const { time, board } = world;
  const { table } = createFunction({ world, home, functionName: 'operator' }).stats;
  const write = (more: readonly TableItem[]) =>
    table.writeAll(
      more.map((item) => ({ kind: 'put', item: item as TableKey & TableItem })),
      1_000,
    );
  await time.until(write(items));
  const pages: Table = { ...table, query: (query, budgetMs) => table.query({ ...query, countMax: 2 }, budgetMs) };
  return { time, board, table: pages, write };
}
