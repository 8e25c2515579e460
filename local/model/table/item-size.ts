import type { AttributeMap, AttributeValue } from './attribute-value.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items */
export const itemBytesMax = 409_600;

/**
 * Bytes as DynamoDB counts them for its limits and its bill. For numbers AWS documents an approximate size only.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: AttributeMap | undefined = {}): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

export function valueBytes(value: AttributeValue): number {
  return 'S' in value ? Buffer.byteLength(value.S) : numberBytes(value.N);
}

/** One byte for every two significant digits, and one more byte. */
function numberBytes(text: string): number {
  const digits = text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
  return Math.ceil(Math.max(1, digits.length) / 2) + 1;
}
