import { compareKeys } from '../sorted-keys.ts';
import type { AttributeMap } from './attribute-value.ts';
import { readUnits, type Units } from './capacity.ts';
import { isSame } from './compare-values.ts';
import { type Condition, readCondition } from './expression/condition.ts';
import { pathsIn } from './expression/condition-paths.ts';
import { type KeyRange, keyRange } from './expression/key-condition.ts';
import type { Path } from './expression/path.ts';
import { Placeholders } from './expression/placeholders.ts';
import { project, readProjection } from './expression/projection.ts';
import { fulfils } from './expression/test-condition.ts';
import { TokenReader } from './expression/tokens.ts';
import { type Checked, checked, InvalidRequest } from './invalid-request.ts';
import { checkKey, keyAttributesOf, keyValue } from './item-key.ts';
import { itemBytes } from './item-size.ts';
import type { Partition } from './ordered-items.ts';
import type { GetRequest, QueryRequest, ScanRequest } from './request.ts';
import type { ItemSource, TableModel } from './table.ts';
import { keyAttributes } from './table-settings.ts';

export interface FoundItem {
  readonly kind: 'read';
  readonly item: AttributeMap | undefined;
  readonly units: Units;
}

export interface ItemPage {
  readonly kind: 'page';
  readonly items: readonly AttributeMap[];
  /** How many were looked at, also those that the filter left out. */
  readonly scannedCount: number;
  /** The key to go on after; absent at the end. */
  readonly next?: AttributeMap;
  readonly units: Units;
}

export function findItem(table: TableModel, request: GetRequest): Checked<FoundItem> {
  return checked(() => {
    const placeholders = new Placeholders(request);
    const paths = projectionOf(request.projection, placeholders);
    placeholders.checkAllUsed();
    checkKey(request.key, table.settings.key);
    const item = table.find(request.key);
    const units = { read: readUnits(item ? itemBytes(item) : 0, request.isConsistent ?? false), write: 0 };
    table.charge(units);
    return { kind: 'read', item: item && paths ? project(item, paths) : item, units };
  });
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.html */
export function queryItems(table: TableModel, request: QueryRequest): Checked<ItemPage> {
  return checked(() => {
    const placeholders = new Placeholders(request);
    const source = sourceOf(table, request);
    const condition = readCondition(new TokenReader('KeyConditionExpression', request.keyCondition), placeholders);
    const range = keyRange(condition, source.key);
    if (request.after) checkWithin(request.after, range, source);
    const partition = source.items.partition({ [source.key.partition.name]: range.partition });
    const items = partition ? itemsIn(partition, range, source, request) : [];
    const filter = filterOf(request.filter, placeholders);
    if (filter) checkFilter(filter, source);
    return page(table, source, items, { ...request, filter }, placeholders);
  });
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html */
export function scanItems(table: TableModel, request: ScanRequest): Checked<ItemPage> {
  return checked(() => {
    const source = sourceOf(table, request);
    const placeholders = new Placeholders(request);
    const filter = filterOf(request.filter, placeholders);
    return page(table, source, source.items.all(request.after), { ...request, filter }, placeholders);
  });
}

function sourceOf(table: TableModel, { indexName, isConsistent, after }: ScanRequest): ItemSource {
  const source = table.source(indexName);
  if (indexName !== undefined && isConsistent) {
    throw new InvalidRequest('Consistent reads are not supported on global secondary indexes');
  }
  if (after) checkStart(after, source, table);
  return source;
}

/** It is the whole key of the table, and of the index too. */
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
 * A query goes on where an earlier page of the same query ended, so its start key fulfils its key condition.
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
  { isDescending = false, after }: QueryRequest,
): Generator<AttributeMap> {
  const start = after && ordered.placeOf(after);
  let first = places.firstNotBefore(from);
  let end = to === undefined ? places.length : places.firstNotBefore(to);
  if (start !== undefined && isDescending) end = Math.min(end, places.firstNotBefore(start));
  if (start !== undefined && !isDescending) first = Math.max(first, places.firstAfter(start));
  for (let index = 0; index < end - first; index += 1) {
    const item = items.get(places.at(isDescending ? end - 1 - index : first + index) ?? '');
    if (item) yield item;
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html: 1 MB, before the filter. */
const pageBytesMax = 1_048_576;

function page(
  table: TableModel,
  { key, settings }: ItemSource,
  candidates: Iterable<AttributeMap>,
  request: Omit<ScanRequest, 'filter'> & { readonly filter: Condition | undefined },
  placeholders: Placeholders,
): ItemPage {
  const { filter } = request;
  const paths = projectionOf(request.projection, placeholders);
  placeholders.checkAllUsed();
  const { looked, bytes, isFull } = lookAt(candidates, request.countMax ?? Number.POSITIVE_INFINITY);
  const last = looked.at(-1);
  const units = { read: readUnits(bytes, request.isConsistent ?? false), write: 0 };
  table.charge(units);
  const items = looked.filter((item) => !filter || fulfils(item, filter));
  return {
    kind: 'page',
    items: paths ? items.map((item) => project(item, paths)) : items,
    scannedCount: looked.length,
    ...(isFull && last && { next: keyAttributesOf(last, settings ? [table.settings.key, key] : [key]) }),
    units,
  };
}

/** A page that is full has a next one, even if that turns out to be empty. */
function lookAt(candidates: Iterable<AttributeMap>, countMax: number) {
  const looked: AttributeMap[] = [];
  let bytes = 0;
  for (const item of candidates) {
    const size = itemBytes(item);
    if (looked.length > 0 && bytes + size > pageBytesMax) return { looked, bytes, isFull: true };
    looked.push(item);
    bytes += size;
    if (looked.length >= countMax) return { looked, bytes, isFull: true };
  }
  return { looked, bytes, isFull: false };
}

function filterOf(text: string | undefined, placeholders: Placeholders): Condition | undefined {
  return text === undefined ? undefined : readCondition(new TokenReader('FilterExpression', text), placeholders);
}

/** What a query can say of keys belongs into its key condition. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.FilterExpression.html */
function checkFilter(filter: Condition, { key }: ItemSource): void {
  const names = keyAttributes(key).map(({ name }) => name);
  const found = pathsIn(filter).find(([name]) => names.includes(name));
  if (!found) return;
  const problem = 'Filter Expression can only contain non-primary key attributes: Primary key attribute:';
  throw new InvalidRequest(`${problem} ${found[0]}`);
}

function projectionOf(text: string | undefined, placeholders: Placeholders): readonly Path[] | undefined {
  return text === undefined ? undefined : readProjection(new TokenReader('ProjectionExpression', text), placeholders);
}
