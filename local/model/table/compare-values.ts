import type { AttributeValue } from './attribute-value.ts';
import { compareTableNumbers, parseTableNumber } from './table-number.ts';

/** Below 0 when `one` is less than `other`, 0 when they are equal. Undefined for values of different types. */
export function compareValues(one: AttributeValue, other: AttributeValue): number | undefined {
  if ('S' in one && 'S' in other) return Buffer.compare(Buffer.from(one.S), Buffer.from(other.S));
  if ('N' in one && 'N' in other) return compareTableNumbers(parseTableNumber(one.N), parseTableNumber(other.N));
  return undefined;
}
