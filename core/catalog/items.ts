/** One entry of a list in a catalog file, unchecked. */
export interface CatalogItem {
  /** For example `offers[3]`. */
  readonly path: string;
  readonly id: unknown;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The entries of a list that are sections of fields. The schema reports the others. */
export function catalogItems(parent: unknown, parentPath: string, list: string): CatalogItem[] {
  const values = isRecord(parent) ? parent[list] : undefined;
  if (!Array.isArray(values)) return [];
  const prefix = parentPath === '' ? list : `${parentPath}.${list}`;
  return values.flatMap((fields: unknown, index) =>
    isRecord(fields) ? [{ path: `${prefix}[${index}]`, id: fields['id'], fields }] : [],
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
