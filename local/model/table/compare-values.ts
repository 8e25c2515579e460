import { type AttributeMap, type AttributeValue, typeOf } from './attribute-value.ts';
import { compareTableNumbers, parseTableNumber } from './table-number.ts';

/** The order in a set does not matter. Each number has one stored spelling, so equal text means an equal number. */
export function isSame(one: AttributeValue, other: AttributeValue): boolean {
  if (typeOf(one) !== typeOf(other)) return false;
  if ('NS' in one && 'NS' in other) {
    return one.NS.length === other.NS.length && one.NS.every((member) => other.NS.includes(member));
  }
  return JSON.stringify(one) === JSON.stringify(other);
}

export function isSameItem(one: AttributeMap, other: AttributeMap): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => isSameAt(one[name], other[name]));
}

/** Undefined for values without an order: different types, or sets. */
export function compareValues(one: AttributeValue, other: AttributeValue): number | undefined {
  if ('S' in one && 'S' in other) return Buffer.compare(Buffer.from(one.S), Buffer.from(other.S));
  if ('N' in one && 'N' in other) return compareTableNumbers(parseTableNumber(one.N), parseTableNumber(other.N));
  return undefined;
}

function isSameAt(one: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  return one !== undefined && other !== undefined && isSame(one, other);
}
