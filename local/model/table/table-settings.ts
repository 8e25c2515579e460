import type { TableTemplate } from '../../template/region-template.ts';

export type TableSettings = Omit<TableTemplate, 'logicalId'>;
export type KeySchema = TableSettings['key'];

export function keyNames({ partition, sort }: KeySchema): readonly string[] {
  return sort ? [partition.name, sort.name] : [partition.name];
}
