import type { AttributeMap } from '../../model/table/attribute-value.ts';
import type { Tables } from '../../model/table/tables.ts';

/** The partition key of an item or of a key as faults name it; empty when it has none. */
export function partitionText(item: AttributeMap, tableName: string, tables: Tables): string {
  const name = tables.find(tableName)?.settings.key.partition.name ?? '';
  return Object.hasOwn(item, name) ? String(Object.values(item[name] ?? {})[0]) : '';
}

/** A query says its partition among its values. */
export function valueTexts(values: AttributeMap = {}): readonly string[] {
  return Object.values(values).map((value) => String(Object.values(value)[0]));
}
