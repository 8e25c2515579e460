import { compareKeys } from '../sorted-keys.ts';
import type { AttributeMap } from './attribute-value.ts';
import { readUnits } from './capacity.ts';
import { isSame } from './compare-values.ts';
import { type KeyRange, readKeyRange } from './expression/key-condition.ts';
import { Placeholders } from './expression/placeholders.ts';
import { TokenReader } from './expression/tokens.ts';
import { type Checked, checked, InvalidRequest } from './invalid-request.ts';
import { checkKey, keyAttributesOf, keyValue } from './item-key.ts';
import { itemBytes } from './item-size.ts';
import type { Partition } from './ordered-items.ts';
import type { QueryRequest } from './request.ts';
import type { ItemSource, TableModel } from './table.ts';

export interface ItemPage {
  readonly kind: 'page';
  readonly items: readonly AttributeMap[];
  /** The key of the last item of the page; absent on the last page. */
  readonly next?: AttributeMap;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.html */
export function queryItems(table: TableModel, request: QueryRequest): Checked<ItemPage> {
  return checked(() => {
    const placeholders = new Placeholders(request);
    const source = sourceOf(table, request);
    const range = readKeyRange(
      new TokenReader('KeyConditionExpression', request.keyCondition),
      placeholders,
      source.key,
    );
    placeholders.checkAllUsed();
    if (request.after) checkWithin(request.after, range, source);
    const partition = source.items.partition({ [source.key.partition.name]: range.partition });
    return page(table, source, partition ? itemsIn(partition, range, source, request) : [], request);
  });
}

function sourceOf(table: TableModel, { indexName, isConsistent, after }: QueryRequest): ItemSource {
  const source = table.source(indexName);
  if (indexName !== undefined && isConsistent) {
    throw new InvalidRequest('Consistent reads are not supported on global secondary indexes');
  }
  if (after) checkStart(after, source, table);
  return source;
}

/** A start key has the key attributes of the table, and those of the index. */
function checkStart(after: AttributeMap, { key }: ItemSource, { settings }: TableModel): void {
  const keys = [settings.key, key];
  const whole = keyAttributesOf(after, keys);
  try {
    for (const one of keys) checkKey(keyAttributesOf(after, [one]), one);
  } catch (error) {
    if (!(error instanceof InvalidRequest)) throw error;
    throw new InvalidRequest('The provided starting key is invalid');
  }
  if (Object.keys(whole).length < Object.keys(after).length) {
    throw new InvalidRequest('The provided starting key is invalid');
  }
}

/**
 * A query continues where an earlier page of the same query ended. So the start key must fulfil the key condition.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html (ExclusiveStartKey)
 */
function checkWithin(after: AttributeMap, { partition, from, to }: KeyRange, { key, items }: ItemSource): void {
  if (!isSame(keyValue(after, key.partition.name), partition)) {
    throw new InvalidRequest('The provided starting key is outside query boundaries based on provided conditions');
  }
  const place = items.placeOf(after);
  if (compareKeys(place, from) < 0 || (to !== undefined && compareKeys(place, to) >= 0)) {
    throw new InvalidRequest('The provided starting key does not match the range key predicate');
  }
}

function* itemsIn(
  { places, items }: Partition,
  { from, to }: KeyRange,
  { items: ordered }: ItemSource,
  { after }: QueryRequest,
): Generator<AttributeMap> {
  const first = after ? places.firstAfter(ordered.placeOf(after)) : places.firstNotBefore(from);
  const end = to === undefined ? places.length : places.firstNotBefore(to);
  for (let index = first; index < end; index += 1) {
    const item = items.get(places.at(index) ?? '');
    if (item) yield item;
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html: 1 MB. */
const pageBytesMax = 1_048_576;

function page(
  table: TableModel,
  { key, settings }: ItemSource,
  candidates: Iterable<AttributeMap>,
  { countMax = Number.POSITIVE_INFINITY, isConsistent = false }: QueryRequest,
): ItemPage {
  const { items, bytes, isFull } = fill(candidates, countMax);
  const last = items.at(-1);
  table.charge({ read: readUnits(bytes, isConsistent), write: 0 });
  return {
    kind: 'page',
    items,
    ...(isFull && last && { next: keyAttributesOf(last, settings ? [table.settings.key, key] : [key]) }),
  };
}

/** A full page always has a next one, even if the next one turns out empty. */
function fill(candidates: Iterable<AttributeMap>, countMax: number) {
  const items: AttributeMap[] = [];
  let bytes = 0;
  for (const item of candidates) {
    const size = itemBytes(item);
    if (items.length > 0 && bytes + size > pageBytesMax) return { items, bytes, isFull: true };
    items.push(item);
    bytes += size;
    if (items.length >= countMax) return { items, bytes, isFull: true };
  }
  return { items, bytes, isFull: false };
}
