import { addUnits, noUnits, type Units } from '../../model/table/capacity.ts';
import type { TableModel } from '../../model/table/table.ts';

interface Asking {
  readonly ReturnConsumedCapacity: 'NONE' | 'TOTAL';
}

/** The answer's part for a call on one table. */
export function capacityOf({ ReturnConsumedCapacity }: Asking, table: TableModel, units: Units): object {
  return ReturnConsumedCapacity === 'NONE' ? {} : { ConsumedCapacity: shapeOf(table, units) };
}

/** The same for a call on several, which may name a table more than once. */
export function capacitiesOf({ ReturnConsumedCapacity }: Asking, used: Iterable<readonly [TableModel, Units]>): object {
  if (ReturnConsumedCapacity === 'NONE') return {};
  const sums = new Map<TableModel, Units>();
  for (const [table, units] of used) sums.set(table, addUnits(sums.get(table) ?? noUnits, units));
  return { ConsumedCapacity: [...sums].map(([table, units]) => shapeOf(table, units)) };
}

function shapeOf({ settings }: TableModel, { read, write }: Units): object {
  return { TableName: settings.name, CapacityUnits: read + write };
}
