import { type AttributeMap, attributeOf } from './attribute-value.ts';
import { InvalidRequest, invalidValue } from './invalid-request.ts';
import { valueBytes } from './item-size.ts';
import { type KeySchema, keyNames } from './table-settings.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-partition-sort-keys */
const partitionBytesMax = 2_048;
const sortBytesMax = 1_024;

/** Throws an InvalidRequest unless `key` has exactly the attributes of the table's key, and they are texts. */
export function checkKey(key: AttributeMap, schema: KeySchema): void {
  const names = keyNames(schema);
  for (const name of names) checkNotEmpty(key, name);
  const fits = names.every((name) => 'S' in (attributeOf(key, name) ?? {}));
  if (!fits || Object.keys(key).length !== names.length) {
    throw new InvalidRequest('The provided key element does not match the schema');
  }
  checkLengths(key, schema);
}

/** The same text for the same key, and another text for every other key. The caller has checked the key. */
export function keyText(key: AttributeMap, schema: KeySchema): string {
  return JSON.stringify(keyNames(schema).map((name) => attributeOf(key, name)));
}

/** DynamoDB checks this before everything else about the key. */
function checkNotEmpty(key: AttributeMap, name: string): void {
  const value = attributeOf(key, name);
  if (!value || !('S' in value) || value.S !== '') return;
  const problem = `The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`;
  throw new InvalidRequest(`One or more parameter values are not valid. ${problem}`);
}

function checkLengths(key: AttributeMap, { partition, sort }: KeySchema): void {
  if (bytesAt(key, partition.name) > partitionBytesMax) {
    throw invalidValue(`Size of hashkey has exceeded the maximum size limit of${partitionBytesMax} bytes`);
  }
  if (sort && bytesAt(key, sort.name) > sortBytesMax) {
    throw invalidValue(`Aggregated size of all range keys has exceeded the size limit of ${sortBytesMax} bytes`);
  }
}

function bytesAt(key: AttributeMap, name: string): number {
  const value = attributeOf(key, name);
  return value ? valueBytes(value) : 0;
}
