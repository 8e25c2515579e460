import { type AttributeMap, type AttributeValue, typeOf } from '../attribute-value.ts';
import { InvalidRequest } from '../invalid-request.ts';
import { addTableNumbers, formatTableNumber, parseTableNumber } from '../table-number.ts';
import { checkDistinct, readName } from './attribute-name.ts';
import { typeTitles } from './condition.ts';
import type { Placeholders } from './placeholders.ts';
import type { TokenReader } from './tokens.ts';

/**
 * The change of one attribute by an update expression. SET takes a value. ADD takes a number or a set of numbers. Not
 * modelled: DELETE, and the functions and sums of SET.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export type Change =
  | { readonly kind: 'set' | 'add'; readonly name: string; readonly value: AttributeValue }
  | { readonly kind: 'remove'; readonly name: string };

const sections = ['SET', 'REMOVE', 'ADD'] as const;
type Section = (typeof sections)[number];

/** Throws an InvalidRequest, also when the expression changes a part of the key. */
export function readUpdate(
  reader: TokenReader,
  placeholders: Placeholders,
  keyNames: readonly string[],
): readonly Change[] {
  const changes: Change[] = [];
  const seen = new Set<Section>();
  while (reader.next.kind !== 'end') {
    const section = readSection(reader, seen);
    do changes.push(readChange(section, reader, placeholders));
    while (reader.takeIf(','));
  }
  const names = changes.map(({ name }) => name);
  checkDistinct(names, reader);
  const keyName = names.find((name) => keyNames.includes(name));
  if (keyName === undefined) return changes;
  throw new InvalidRequest(
    `One or more parameter values were invalid: Cannot update attribute ${keyName}. This attribute is part of the key`,
  );
}

function readSection(reader: TokenReader, seen: Set<Section>): Section {
  const section = sections.find((name) => reader.takeIf(name));
  if (!section) throw reader.unexpected();
  if (seen.has(section)) {
    throw reader.problem(`The "${section}" section can only be used once in an update expression;`);
  }
  seen.add(section);
  return section;
}

function readChange(section: Section, reader: TokenReader, placeholders: Placeholders): Change {
  const name = readName(reader, placeholders);
  switch (section) {
    case 'SET':
      reader.expect('=');
      if (reader.isCall) throw reader.unknownFunction(reader.next.text);
      return { kind: 'set', name, value: placeholders.takeValue(reader) };
    case 'REMOVE':
      return { kind: 'remove', name };
    case 'ADD':
      return { kind: 'add', name, value: readSummand(reader, placeholders) };
  }
}

function readSummand(reader: TokenReader, placeholders: Placeholders): AttributeValue {
  const value = placeholders.takeValue(reader);
  if (!('S' in value)) return value;
  const problem = 'Incorrect operand type for operator or function; operator: ADD, operand type:';
  throw reader.problem(`${problem} ${typeTitles[typeOf(value)]}`);
}

/** Throws an InvalidRequest when a change does not fit the type of the present value. */
export function applyUpdate(item: AttributeMap, changes: readonly Change[]): AttributeMap {
  const attributes = new Map(Object.entries(item));
  for (const change of changes) {
    const before = attributes.get(change.name);
    if (change.kind === 'remove') attributes.delete(change.name);
    else attributes.set(change.name, change.kind === 'add' ? sum(before, change.value) : change.value);
  }
  return Object.fromEntries(attributes);
}

function sum(before: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (!before) return value;
  if ('N' in before && 'N' in value) {
    return { N: formatTableNumber(addTableNumbers(parseTableNumber(before.N), parseTableNumber(value.N))) };
  }
  if ('NS' in before && 'NS' in value) return { NS: [...new Set([...before.NS, ...value.NS])] };
  throw new InvalidRequest('An operand in the update expression has an incorrect data type');
}
