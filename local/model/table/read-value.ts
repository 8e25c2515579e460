import type { AttributeMap, AttributeValue } from './attribute-value.ts';
import { InvalidRequest, invalidValue } from './invalid-request.ts';
import { formatTableNumber, parseTableNumber } from './table-number.ts';

/**
 * Checks values that come in, and writes numbers as DynamoDB returns them. Throws an InvalidRequest.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-data-types
 */
export function readItem(value: unknown): AttributeMap {
  if (!isRecord(value)) throw new InvalidRequest('A map of attributes is expected');
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [checkedName(name), readValue(one)]));
}

function readValue(value: unknown): AttributeValue {
  const given = isRecord(value) ? Object.entries(value) : [];
  const [first, ...others] = given.filter(([, content]) => content !== undefined);
  if (first === undefined) throw dataTypes('is empty');
  if (others.length > 0) throw dataTypes('has more than one datatypes set');
  const [type, content] = first;
  switch (type) {
    case 'S':
      return { S: textOf(content) };
    case 'N':
      return { N: numberOf(content) };
    default:
      throw dataTypes(`has the type ${type}, which the local cloud does not model`);
  }
}

function textOf(content: unknown): string {
  if (typeof content !== 'string') throw new InvalidRequest('S and N must be given as strings');
  return content;
}

function numberOf(content: unknown): string {
  return formatTableNumber(parseTableNumber(textOf(content)));
}

function checkedName(name: string): string {
  if (name === '') throw invalidValue('An attribute name must not be empty');
  if (Buffer.byteLength(name) > 65_535) throw invalidValue('An attribute name is longer than 64 KB');
  return name;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function dataTypes(problem: string): InvalidRequest {
  return new InvalidRequest(`Supplied AttributeValue ${problem}, must contain exactly one of the supported datatypes`);
}
