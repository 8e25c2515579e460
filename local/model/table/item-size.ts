import type { AttributeMap, AttributeValue } from './attribute-value.ts';

/**
 * Bytes as DynamoDB counts them for its limits and its bill. For numbers AWS documents an approximate size only.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: AttributeMap): number {
  const known = knownBytes.get(item);
  if (known !== undefined) return known;
  const bytes = Object.entries(item).reduce(
    (total, [name, value]) => total + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
  knownBytes.set(item, bytes);
  return bytes;
}

/** Items never change, but each is measured again with every page that holds it. So sizes are remembered. */
const knownBytes = new WeakMap<AttributeMap, number>();

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items */
export const itemBytesMax = 409_600;

export function valueBytes(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberBytes(value.N);
  return sum(value.NS, numberBytes);
}

/** One byte for every two significant digits, and one more byte. */
function numberBytes(text: string): number {
  const digits = text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
  return Math.ceil(Math.max(1, digits.length) / 2) + 1;
}

function sum<T>(values: readonly T[], bytesOf: (value: T) => number): number {
  return values.reduce((bytes, value) => bytes + bytesOf(value), 0);
}
