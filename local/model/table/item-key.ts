import { type AttributeMap, type AttributeValue, attributeOf, typeOf } from './attribute-value.ts';
import { InvalidRequest, invalidValue } from './invalid-request.ts';
import { valueBytes } from './item-size.ts';
import { joinCodes, keyCode } from './key-code.ts';
import { type KeyAttribute, type KeySchema, keyAttributes, type TableSettings } from './table-settings.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-partition-sort-keys */
const partitionBytesMax = 2_048;
const sortBytesMax = 1_024;

/** Throws an InvalidRequest unless `key` has exactly the attributes of the table's key. */
export function checkKey(key: AttributeMap, schema: KeySchema): void {
  const attributes = keyAttributes(schema);
  const fits = attributes.every(({ name, type }) => typeAt(key, name) === type);
  if (!fits || Object.keys(key).length !== attributes.length) {
    throw new InvalidRequest('The provided key element does not match the schema');
  }
  checkLengths(key, schema);
}

/** Throws an InvalidRequest when the item does not fit the key of the table or the key of an index. */
export function checkItemKeys(item: AttributeMap, { key, indexes }: TableSettings): void {
  for (const { name, type } of keyAttributes(key)) {
    const given = typeAt(item, name);
    if (given === undefined) throw invalidValue(`Missing the key ${name} in the item`);
    if (given !== type) throw invalidValue(`Type mismatch for key ${name} expected: ${type} actual: ${given}`);
  }
  checkLengths(item, key);
  for (const index of indexes) {
    for (const attribute of keyAttributes(index.key)) checkIndexType(item, attribute, index.name);
    checkLengths(item, index.key);
  }
}

/** Throws an InvalidRequest when a part of a key is empty. DynamoDB checks this before everything else about the key. */
export function checkNoneEmpty(item: AttributeMap, schemas: readonly KeySchema[]): void {
  for (const { name } of schemas.flatMap(keyAttributes)) {
    const value = attributeOf(item, name);
    if (!value || !('S' in value) || value.S !== '') continue;
    const problem = `The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`;
    throw new InvalidRequest(`One or more parameter values are not valid. ${problem}`);
  }
}

/** Only the attributes of `schemas`. */
export function keyAttributesOf(item: AttributeMap, schemas: readonly KeySchema[]): AttributeMap {
  const names = new Set(schemas.flatMap(keyAttributes).map(({ name }) => name));
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}

/** The same text for the same key, and another text for every other key. */
export function keyText(key: AttributeMap, schema: KeySchema): string {
  return joinCodes(keyAttributes(schema).map(({ name }) => keyCode(keyValue(key, name))));
}

/** The caller has checked the key. */
export function keyValue(item: AttributeMap, name: string): AttributeValue {
  const value = attributeOf(item, name);
  if (!value) throw new Error(`the key attribute ${name} is missing`);
  return value;
}

/** An index holds only items with all attributes of its key. */
export function hasKey(item: AttributeMap, schema: KeySchema): boolean {
  return keyAttributes(schema).every(({ name }) => attributeOf(item, name) !== undefined);
}

function checkIndexType(item: AttributeMap, { name, type }: KeyAttribute, indexName: string): void {
  const given = typeAt(item, name);
  if (given === undefined || given === type) return;
  throw invalidValue(`Type mismatch for Index Key ${name} Expected: ${type} Actual: ${given} IndexName: ${indexName}`);
}

function checkLengths(item: AttributeMap, schema: KeySchema): void {
  checkNoneEmpty(item, [schema]);
  const { partition, sort } = schema;
  if (bytesAt(item, partition.name) > partitionBytesMax) {
    throw invalidValue(`Size of hashkey has exceeded the maximum size limit of${partitionBytesMax} bytes`);
  }
  if (sort && bytesAt(item, sort.name) > sortBytesMax) {
    throw invalidValue(`Aggregated size of all range keys has exceeded the size limit of ${sortBytesMax} bytes`);
  }
}

function bytesAt(item: AttributeMap, name: string): number {
  const value = attributeOf(item, name);
  return value ? valueBytes(value) : 0;
}

function typeAt(item: AttributeMap, name: string): string | undefined {
  const value = attributeOf(item, name);
  return value && typeOf(value);
}
