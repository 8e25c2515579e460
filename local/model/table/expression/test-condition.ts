import { type AttributeMap, type AttributeValue, membersOf, typeOf } from '../attribute-value.ts';
import { compareValues, isSame } from '../compare-values.ts';
import { keyCode } from '../key-code.ts';
import type { Comparator, Condition, Measured } from './condition.ts';
import { operandValue } from './operand.ts';
import { valueAt } from './path.ts';

/** Whether an item fulfils a condition; an item that is not there has no attributes. */
export function fulfils(item: AttributeMap, condition: Condition): boolean {
  switch (condition.kind) {
    case 'or':
      return fulfils(item, condition.left) || fulfils(item, condition.right);
    case 'and':
      return fulfils(item, condition.left) && fulfils(item, condition.right);
    case 'not':
      return !fulfils(item, condition.inner);
    case 'compare':
      return compares(condition.operator, measure(condition.left, item), measure(condition.right, item));
    case 'between':
      return (
        compares('>=', measure(condition.operand, item), measure(condition.low, item)) &&
        compares('<=', measure(condition.operand, item), measure(condition.high, item))
      );
    case 'in':
      return condition.candidates.some((one) => compares('=', measure(condition.operand, item), measure(one, item)));
    case 'exists':
      return (valueAt(item, condition.path) !== undefined) === condition.isWanted;
    case 'type':
      return isOfType(valueAt(item, condition.path), condition.type);
    case 'begins-with':
      return beginsWith(operandValue(condition.left, item), operandValue(condition.right, item));
    case 'contains':
      return contains(operandValue(condition.left, item), operandValue(condition.right, item));
  }
}

type Found = AttributeValue | undefined;

function measure(measured: Measured, item: AttributeMap): Found {
  if (measured.kind !== 'size') return operandValue(measured, item);
  const value = valueAt(item, measured.path);
  const size = value && sizeOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

/** What is not there equals nothing, and is neither more nor less than anything. */
function compares(operator: Comparator, left: Found, right: Found): boolean {
  const isEqual = left !== undefined && right !== undefined && isSame(left, right);
  if (operator === '=') return isEqual;
  if (operator === '<>') return !isEqual;
  const order = left && right && compareValues(left, right);
  return order !== undefined && inOrder[operator](order);
}

const inOrder: Readonly<Record<Exclude<Comparator, '=' | '<>'>, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function isOfType(value: Found, type: string): boolean {
  return value !== undefined && typeOf(value) === type;
}

function beginsWith(value: Found, prefix: Found): boolean {
  if (!value || !prefix || typeOf(value) !== typeOf(prefix)) return false;
  return ('S' in value || 'B' in value) && keyCode(value).startsWith(keyCode(prefix));
}

/** A part of a text or of bytes, a member of a set, or an element of a list. */
function contains(value: Found, part: Found): boolean {
  if (!value || !part) return false;
  if ('L' in value) return value.L.some((element) => isSame(element, part));
  const members = membersOf(value);
  if (members) return typeOf(value) === `${typeOf(part)}S` && members.includes(String(Object.values(part)[0]));
  if (typeOf(value) !== typeOf(part)) return false;
  return ('S' in value || 'B' in value) && keyCode(value).includes(keyCode(part));
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html, size */
function sizeOf(value: AttributeValue): number | undefined {
  if ('S' in value) return value.S.length;
  if ('B' in value) return Buffer.byteLength(value.B, 'base64');
  if ('L' in value) return value.L.length;
  if ('M' in value) return Object.keys(value.M).length;
  return membersOf(value)?.length;
}
