import type { AttributeValue } from '../attribute-value.ts';
import { typeOf } from '../attribute-value.ts';
import { InvalidRequest } from '../invalid-request.ts';
import { checkKey } from '../item-key.ts';
import { codePrefix, joinCodes, keyCode } from '../key-code.ts';
import type { KeySchema } from '../table-settings.ts';
import type { Condition, Measured } from './condition.ts';

/**
 * Which part of which partition a query is about. Places are those of OrderedItems, and a range goes from the first place
 * that is not before `from` to the last that is before `to`.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
 */
export interface KeyRange {
  readonly partition: AttributeValue;
  readonly from: string;
  /** Absent = to the end. */
  readonly to?: string;
}

/** Throws an InvalidRequest unless the condition is about this key, and in one of the ways that a query can use. */
export function keyRange(condition: Condition, schema: KeySchema): KeyRange {
  const terms = termsOf(condition).map(termOf);
  const partition = terms.filter(({ name }) => name === schema.partition.name);
  const sort = terms.filter(({ name }) => name === schema.sort?.name);
  const [first] = partition;
  if (!first) throw new InvalidRequest(`Query condition missed key schema element: ${schema.partition.name}`);
  if (terms.length > partition.length + sort.length) throw unsupported();
  if (partition.length > 1 || sort.length > 1) {
    throw new InvalidRequest('KeyConditionExpressions must only contain one condition per key');
  }
  if (first.operator !== '=') throw unsupported();
  checkValues(terms, schema);
  const [value] = first.values;
  if (!value) throw unsupported();
  return { partition: value, ...(sort[0] ? rangeOf(sort[0]) : { from: '' }) };
}

interface Term {
  readonly name: string;
  readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'between' | 'begins-with';
  readonly values: readonly AttributeValue[];
}

function termsOf(condition: Condition): readonly Condition[] {
  if (condition.kind !== 'and') return [condition];
  return [...termsOf(condition.left), ...termsOf(condition.right)];
}

function termOf(condition: Condition): Term {
  switch (condition.kind) {
    case 'compare':
      if (condition.operator === '<>') break;
      return { name: nameOf(condition.left), operator: condition.operator, values: [literalOf(condition.right)] };
    case 'between':
      return {
        name: nameOf(condition.operand),
        operator: 'between',
        values: [literalOf(condition.low), literalOf(condition.high)],
      };
    case 'begins-with':
      return { name: nameOf(condition.left), operator: 'begins-with', values: [literalOf(condition.right)] };
    default:
      break;
  }
  throw unsupported();
}

function nameOf(measured: Measured): string {
  if (measured.kind !== 'path' || measured.path.length > 1) throw unsupported();
  return measured.path[0];
}

function literalOf(measured: Measured): AttributeValue {
  if (measured.kind !== 'value') throw unsupported();
  return measured.value;
}

/** They are such as an item's key could have: neither of another type nor empty. */
function checkValues(terms: readonly Term[], { partition, sort = partition }: KeySchema): void {
  for (const { name, values } of terms) {
    const attribute = name === partition.name ? partition : sort;
    if (values.some((value) => typeOf(value) !== attribute.type)) {
      const problem = 'Condition parameter type does not match schema type';
      throw new InvalidRequest(`One or more parameter values were invalid: ${problem}`);
    }
    for (const value of values) checkKey({ [name]: value }, { partition: attribute });
  }
}

/** Every place of one sort key begins with its code and ends after it. */
function rangeOf({ operator, values }: Term): Omit<KeyRange, 'partition'> {
  const [low = { S: '' }, high = low] = values;
  const [start, end] = [joinCodes([keyCode(low)]), afterCode(high)];
  switch (operator) {
    case '=':
      return { from: start, to: end };
    case '<':
      return { from: '', to: start };
    case '<=':
      return { from: '', to: end };
    case '>':
      return { from: end };
    case '>=':
      return { from: start };
    case 'between':
      return { from: start, to: end };
    case 'begins-with':
      return prefixRange(codePrefix(keyCode(low)));
  }
}

/** Ends of codes are two zeros, and what follows in a place is never a one. */
function afterCode(value: AttributeValue): string {
  return `${joinCodes([keyCode(value)]).slice(0, -1)}\x01`;
}

function prefixRange(prefix: string): Omit<KeyRange, 'partition'> {
  return { from: prefix, to: `${prefix}\u{100}` };
}

function unsupported(): InvalidRequest {
  return new InvalidRequest('Query key condition not supported');
}
