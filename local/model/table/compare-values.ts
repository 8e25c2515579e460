import { type AttributeMap, type AttributeValue, membersOf, typeOf } from './attribute-value.ts';
import { compareTableNumbers, parseTableNumber } from './table-number.ts';

/** Deep; sets are equal in any order, numbers by their value. */
export function isSame(one: AttributeValue, other: AttributeValue): boolean {
  if (typeOf(one) !== typeOf(other)) return false;
  const [members, others] = [membersOf(one), membersOf(other)];
  // Numbers are kept in one way of writing only, so equal text is equal value here and below.
  if (members && others) return members.length === others.length && members.every((member) => others.includes(member));
  if ('M' in one && 'M' in other) return isSameItem(one.M, other.M);
  if ('L' in one && 'L' in other) return isSameList(one.L, other.L);
  return JSON.stringify(one) === JSON.stringify(other);
}

export function isSameItem(one: AttributeMap, other: AttributeMap): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => isSameAt(one[name], other[name]));
}

/** Undefined when the two have no order: of different types, or of a type that has none. */
export function compareValues(one: AttributeValue, other: AttributeValue): number | undefined {
  if ('S' in one && 'S' in other) return Buffer.compare(Buffer.from(one.S), Buffer.from(other.S));
  if ('N' in one && 'N' in other) return compareTableNumbers(parseTableNumber(one.N), parseTableNumber(other.N));
  if ('B' in one && 'B' in other) {
    return Buffer.compare(Buffer.from(one.B, 'base64'), Buffer.from(other.B, 'base64'));
  }
  return undefined;
}

function isSameList(one: readonly AttributeValue[], other: readonly AttributeValue[]): boolean {
  return one.length === other.length && one.every((value, index) => isSameAt(value, other[index]));
}

function isSameAt(one: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  return one !== undefined && other !== undefined && isSame(one, other);
}
