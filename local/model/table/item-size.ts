import type { AttributeValue, Item } from './attribute-value.ts';
import { digitsOf, parseDecimal } from './decimal.ts';

/**
 * Bytes as DynamoDB counts them, for its limits and for its bill. Of numbers it says only "approximately".
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items */
export const itemBytesMax = 409_600;

const containerBytes = 3;

export function valueBytes(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberBytes(value.N);
  if ('B' in value) return Buffer.byteLength(value.B, 'base64');
  if ('SS' in value) return sum(value.SS, (member) => Buffer.byteLength(member));
  if ('NS' in value) return sum(value.NS, numberBytes);
  if ('BS' in value) return sum(value.BS, (member) => Buffer.byteLength(member, 'base64'));
  if ('L' in value) return containerBytes + sum(value.L, (one) => 1 + valueBytes(one));
  if ('M' in value) return containerBytes + Object.keys(value.M).length + itemBytes(value.M);
  return 1;
}

/** One byte for two digits, and one more. */
function numberBytes(text: string): number {
  return Math.ceil(digitsOf(parseDecimal(text).coefficient).length / 2) + 1;
}

function sum<T>(values: readonly T[], bytesOf: (value: T) => number): number {
  return values.reduce((bytes, value) => bytes + bytesOf(value), 0);
}
