import type { TableTemplate } from '../../template/region-template.ts';

export type TableSettings = Omit<TableTemplate, 'logicalId'>;
export type IndexSettings = TableSettings['indexes'][number];
export type KeySchema = TableSettings['key'];
export type KeyAttribute = KeySchema['partition'];

export function keyAttributes({ partition, sort }: KeySchema): readonly KeyAttribute[] {
  return sort ? [partition, sort] : [partition];
}

/** The key of the table, and the keys of all its indexes. */
export function allKeySchemas({ key, indexes }: TableSettings): readonly KeySchema[] {
  return [key, ...indexes.map((index) => index.key)];
}
