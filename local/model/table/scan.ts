import { crc32 } from 'node:zlib';
import type { AttributeMap } from './attribute-value.ts';
import { readUnits } from './capacity.ts';
import { type Checked, checked, InvalidRequest } from './invalid-request.ts';
import { checkKey, keyText } from './item-key.ts';
import { itemBytes } from './item-size.ts';
import type { TableModel } from './table.ts';
import { keyNames } from './table-settings.ts';

export interface ScanRequest {
  /** The part of the table to read, from 0. */
  readonly segment: number;
  readonly segments: number;
  /** The key after which the page begins. */
  readonly after?: AttributeMap | undefined;
  readonly isConsistent: boolean;
}

export interface ScannedPage {
  readonly kind: 'read';
  readonly items: readonly AttributeMap[];
  /** The key of the last item; absent when nothing is left. */
  readonly last?: AttributeMap;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html#Scan.Pagination */
const pageBytesMax = 1_048_576;

/**
 * One page of a part of a table, in an order of the table's own. The model reads by the order of the keys.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html
 */
export function scan(table: TableModel, request: ScanRequest): Checked<ScannedPage> {
  return checked(() => {
    const rest = restOf(table, request);
    const items: AttributeMap[] = [];
    let bytes = 0;
    for (const item of rest) {
      if (bytes >= pageBytesMax) break;
      bytes += itemBytes(item);
      items.push(item);
    }
    table.charge({ read: readUnits(bytes, request.isConsistent) });
    const last = items.length < rest.length ? items.at(-1) : undefined;
    return { kind: 'read', items, ...(last && { last: keyOf(last, table) }) };
  });
}

function restOf(table: TableModel, { segment, segments, after }: ScanRequest): readonly AttributeMap[] {
  if (segment >= segments) {
    throw new InvalidRequest('The Segment parameter is zero-based and must be less than parameter TotalSegments');
  }
  const { key } = table.settings;
  if (after) checkKey(after, key);
  const from = after && keyText(after, key);
  return table
    .all()
    .map((item) => ({ item, text: keyText(item, key) }))
    .filter(({ text }) => crc32(text) % segments === segment && (from === undefined || text > from))
    .sort((one, other) => (one.text < other.text ? -1 : 1))
    .map(({ item }) => item);
}

function keyOf(item: AttributeMap, { settings }: TableModel): AttributeMap {
  const names = keyNames(settings.key);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}
