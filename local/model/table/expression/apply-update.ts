import { type AttributeMap, type AttributeValue, withAttribute, withoutAttribute } from '../attribute-value.ts';
import { InvalidRequest } from '../invalid-request.ts';
import { add, formatTableNumber, negated, parseTableNumber } from '../table-number.ts';
import { operandValue } from './operand.ts';
import { elementOf, type Path, valueAt } from './path.ts';
import { addToSet, takeFromSet } from './set-members.ts';
import type { Change, Source } from './update.ts';

/** Every change sees the item as it was. Throws an InvalidRequest when one does not fit what the item has. */
export function applyUpdate(item: AttributeMap, changes: readonly Change[]): AttributeMap {
  const settled = changes.map((change) => ({ path: change.path, value: valueAfter(change, item) }));
  const removed = settled.filter(({ value }) => value === undefined).sort(laterIndexFirst);
  const set = settled.filter(({ value }) => value !== undefined);
  const attributes = new Map(Object.entries(item));
  for (const { path, value } of [...set, ...removed]) replace(attributes, path, value);
  return Object.fromEntries(attributes);
}

/** Undefined = nothing is there any more. */
function valueAfter(change: Change, item: AttributeMap): AttributeValue | undefined {
  const before = valueAt(item, change.path);
  switch (change.kind) {
    case 'set':
      return sourceValue(change.source, item);
    case 'remove':
      return undefined;
    case 'add':
      return added(before, operandOf(change.operand, item));
    case 'delete':
      return before && takeFromSet(before, operandOf(change.operand, item));
  }
}

function added(before: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (!before) return value;
  return 'N' in before && 'N' in value ? sum(before.N, value.N) : addToSet(before, value);
}

function sourceValue(source: Source, item: AttributeMap): AttributeValue {
  switch (source.kind) {
    case 'path':
    case 'value':
      return operandOf(source, item);
    case 'if-not-exists':
      return valueAt(item, source.path) ?? sourceValue(source.otherwise, item);
    case 'list-append': {
      const [left, right] = [sourceValue(source.left, item), sourceValue(source.right, item)];
      if (!('L' in left && 'L' in right)) throw wrongType();
      return { L: [...left.L, ...right.L] };
    }
    default: {
      const [left, right] = [sourceValue(source.left, item), sourceValue(source.right, item)];
      if (!('N' in left && 'N' in right)) throw wrongType();
      return source.kind === 'plus' ? sum(left.N, right.N) : difference(left.N, right.N);
    }
  }
}

function operandOf(operand: Parameters<typeof operandValue>[0], item: AttributeMap): AttributeValue {
  const value = operandValue(operand, item);
  if (value) return value;
  throw new InvalidRequest('The provided expression refers to an attribute that does not exist in the item');
}

function sum(one: string, other: string): AttributeValue {
  return { N: formatTableNumber(add(parseTableNumber(one), parseTableNumber(other))) };
}

function difference(one: string, other: string): AttributeValue {
  return { N: formatTableNumber(add(parseTableNumber(one), negated(parseTableNumber(other)))) };
}

function wrongType(): InvalidRequest {
  return new InvalidRequest('An operand in the update expression has an incorrect data type');
}

function replace(
  attributes: Map<string, AttributeValue>,
  [name, ...rest]: Path,
  value: AttributeValue | undefined,
): void {
  const next = replacedIn(attributes.get(name), rest, value);
  if (next) attributes.set(name, next);
  else attributes.delete(name);
}

/** Maps and lists around a new value must be there; nothing is removed from what is not there. */
function replacedIn(
  whole: AttributeValue | undefined,
  [element, ...rest]: readonly (string | number)[],
  value: AttributeValue | undefined,
): AttributeValue | undefined {
  if (element === undefined) return value;
  if (whole && 'M' in whole && typeof element === 'string') {
    const next = replacedIn(elementOf(whole, element), rest, value);
    return { M: next ? withAttribute(whole.M, element, next) : withoutAttribute(whole.M, element) };
  }
  if (whole && 'L' in whole && typeof element === 'number') {
    const next = replacedIn(whole.L[element], rest, value);
    return { L: next ? withElement(whole.L, element, next) : whole.L.filter((_, index) => index !== element) };
  }
  throw new InvalidRequest('The document path provided in the update expression is invalid for update');
}

/** Beyond the end of a list the next place is meant. */
function withElement(list: readonly AttributeValue[], index: number, value: AttributeValue): readonly AttributeValue[] {
  return index >= list.length ? [...list, value] : list.map((one, at) => (at === index ? value : one));
}

/** Removing an element moves those behind it. */
function laterIndexFirst(one: { readonly path: Path }, other: { readonly path: Path }): number {
  return Number(other.path.at(-1)) - Number(one.path.at(-1)) || 0;
}
