import { type AttributeMap, type AttributeValue, attributeOf, type TypeName, typeOf } from '../attribute-value.ts';
import { compareValues, isSame } from '../compare-values.ts';
import { readName } from './attribute-name.ts';
import type { Placeholders } from './placeholders.ts';
import type { TokenReader } from './tokens.ts';

/**
 * A condition expression: tests joined by OR. A test compares an attribute with a value, or asks whether the attribute
 * exists. Not modelled: AND, NOT, brackets, and the other operators and functions.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export type Condition = readonly Test[];

type Test =
  | { readonly kind: 'exists'; readonly name: string; readonly isWanted: boolean }
  | { readonly kind: 'compare'; readonly name: string; readonly operator: Comparator; readonly value: AttributeValue };

const comparators = ['=', '<', '>'] as const;
type Comparator = (typeof comparators)[number];

export function readCondition(reader: TokenReader, placeholders: Placeholders): Condition {
  const tests = [readTest(reader, placeholders)];
  while (reader.takeIf('OR')) tests.push(readTest(reader, placeholders));
  reader.expectEnd();
  return tests;
}

function readTest(reader: TokenReader, placeholders: Placeholders): Test {
  if (reader.isCall) return readCall(reader, placeholders);
  const name = readName(reader, placeholders);
  const operator = comparators.find((one) => reader.takeIf(one));
  if (!operator) throw reader.unexpected();
  const value = placeholders.takeValue(reader);
  if (operator !== '=') checkOrdered(operator, value, reader);
  return { kind: 'compare', name, operator, value };
}

function readCall(reader: TokenReader, placeholders: Placeholders): Test {
  const { text } = reader.take();
  if (text !== 'attribute_exists' && text !== 'attribute_not_exists') throw reader.unknownFunction(text);
  reader.expect('(');
  const name = readName(reader, placeholders);
  reader.expect(')');
  return { kind: 'exists', name, isWanted: text === 'attribute_exists' };
}

/** The names of the types in DynamoDB's messages. */
export const typeTitles: Readonly<Record<TypeName, string>> = { S: 'STRING', N: 'NUMBER', NS: 'NUMBER_SET' };

function checkOrdered(operator: Comparator, value: AttributeValue, reader: TokenReader): void {
  if (!('NS' in value)) return;
  const problem = 'Incorrect operand type for operator or function; operator or function:';
  throw reader.problem(`${problem} ${operator}, operand type: ${typeTitles[typeOf(value)]}`);
}

/** The caller gives an empty item when none exists. */
export function fulfils(item: AttributeMap, condition: Condition): boolean {
  return condition.some((test) => holds(attributeOf(item, test.name), test));
}

/** A missing attribute equals no value, and is neither less nor greater than any value. */
function holds(found: AttributeValue | undefined, test: Test): boolean {
  if (test.kind === 'exists') return (found !== undefined) === test.isWanted;
  if (found === undefined) return false;
  if (test.operator === '=') return isSame(found, test.value);
  const order = compareValues(found, test.value);
  return order !== undefined && (test.operator === '<' ? order < 0 : order > 0);
}
