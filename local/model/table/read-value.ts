import { type AttributeMap, type AttributeValue, type TypeName, typeNames } from './attribute-value.ts';
import { InvalidRequest, invalidValue } from './invalid-request.ts';
import { formatTableNumber, parseTableNumber } from './table-number.ts';

/**
 * Values as they come in: checked, and numbers written as DynamoDB gives them back.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-data-types
 */

const depthMax = 32;

/** Throws an InvalidRequest; `value` may be anything. */
export function readItem(value: unknown, depth = 0): AttributeMap {
  if (!isRecord(value)) throw new InvalidRequest('A map of attributes is expected');
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [checkedName(name), readValue(one, depth)]));
}

function readValue(value: unknown, depth = 0): AttributeValue {
  if (depth > depthMax) throw new InvalidRequest('Nesting Levels have exceeded supported limits');
  const given = isRecord(value) ? Object.entries(value) : [];
  const [first, ...others] = given.filter(([, content]) => content !== undefined);
  if (first === undefined || !isTypeName(first[0])) throw dataTypes('is empty');
  if (others.length > 0) throw dataTypes('has more than one datatypes set');
  return readers[first[0]](first[1], depth);
}

const readers: Readonly<Record<TypeName, (content: unknown, depth: number) => AttributeValue>> = {
  S: (content) => ({ S: textOf(content) }),
  N: (content) => ({ N: numberOf(content) }),
  B: (content) => ({ B: binaryOf(content) }),
  BOOL: (content) => {
    if (typeof content !== 'boolean') throw new InvalidRequest('BOOL must be true or false');
    return { BOOL: content };
  },
  NULL: (content) => {
    if (content !== true) throw invalidValue('Null attribute value types must have the value of true');
    return { NULL: true };
  },
  SS: (content) => ({ SS: membersIn(content, 'string', textOf) }),
  NS: (content) => ({ NS: membersIn(content, 'number', numberOf) }),
  BS: (content) => ({ BS: membersIn(content, 'binary', binaryOf) }),
  M: (content, depth) => ({ M: readItem(content, depth + 1) }),
  L: (content, depth) => {
    if (!Array.isArray(content)) throw new InvalidRequest('L must be a list');
    return { L: content.map((one) => readValue(one, depth + 1)) };
  },
};

function membersIn(content: unknown, what: string, read: (member: unknown) => string): readonly string[] {
  if (!Array.isArray(content)) throw new InvalidRequest(`A ${what} set must be a list`);
  const members = content.map(read);
  if (members.length === 0) throw invalidValue(`An ${what} set  may not be empty`);
  if (new Set(members).size < members.length) {
    throw invalidValue(`Input collection [${members.join(', ')}] contains duplicates.`);
  }
  return members;
}

function textOf(content: unknown): string {
  if (typeof content !== 'string') throw new InvalidRequest('S, N and B must be given as strings');
  return content;
}

function numberOf(content: unknown): string {
  return formatTableNumber(parseTableNumber(textOf(content)));
}

function binaryOf(content: unknown): string {
  const text = textOf(content);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new InvalidRequest('B must be given as base64');
  return text;
}

function checkedName(name: string): string {
  if (name === '') throw invalidValue('An attribute name must not be empty');
  if (Buffer.byteLength(name) > 65_535) throw invalidValue('An attribute name is longer than 64 KB');
  return name;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTypeName(name: string): name is TypeName {
  return (typeNames as readonly string[]).includes(name);
}

function dataTypes(problem: string): InvalidRequest {
  return new InvalidRequest(`Supplied AttributeValue ${problem}, must contain exactly one of the supported datatypes`);
}
