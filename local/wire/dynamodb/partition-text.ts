import type { AttributeMap } from '../../model/table/attribute-value.ts';
import type { Tables } from '../../model/table/tables.ts';

/** The partition key of an item, as faults name it; empty when the item has none. */
export function partitionText(item: AttributeMap, tableName: string, tables: Tables): string {
  const name = tables.find(tableName)?.settings.key.partition.name ?? '';
  return Object.hasOwn(item, name) ? String(Object.values(item[name] ?? {})[0]) : '';
}

/** The partition key of a query is among the values of its expression. */
export function valueTexts(values: AttributeMap = {}): readonly string[] {
  return Object.values(values).map((value) => String(Object.values(value)[0]));
}
