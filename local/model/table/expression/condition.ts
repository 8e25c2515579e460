import { type AttributeMap, type AttributeValue, attributeOf } from '../attribute-value.ts';
import { compareValues } from '../compare-values.ts';
import { readName } from './attribute-name.ts';
import type { Placeholders } from './placeholders.ts';
import type { TokenReader } from './tokens.ts';

/**
 * A condition expression: tests joined by OR. A test compares an attribute with a value, or asks whether the attribute
 * is missing. Not modelled: AND, NOT, brackets, and the other operators and functions.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export type Condition = readonly Test[];

type Test =
  | { readonly kind: 'missing'; readonly name: string }
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
  return { kind: 'compare', name, operator, value: placeholders.takeValue(reader) };
}

function readCall(reader: TokenReader, placeholders: Placeholders): Test {
  const { text } = reader.take();
  if (text !== 'attribute_not_exists') throw reader.unknownFunction(text);
  reader.expect('(');
  const name = readName(reader, placeholders);
  reader.expect(')');
  return { kind: 'missing', name };
}

/** The caller gives an empty item when none exists. */
export function fulfils(item: AttributeMap, condition: Condition): boolean {
  return condition.some((test) => holds(attributeOf(item, test.name), test));
}

/** A missing attribute equals no value, and is neither less nor greater than any value. */
function holds(found: AttributeValue | undefined, test: Test): boolean {
  if (test.kind === 'missing') return found === undefined;
  const order = found && compareValues(found, test.value);
  if (order === undefined) return false;
  switch (test.operator) {
    case '=':
      return order === 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
  }
}
