import type { AttributeValue } from '../attribute-value.ts';
import { InvalidRequest } from '../invalid-request.ts';
import type { TokenReader } from './tokens.ts';

/** The values of `#names` and `:values` in the expressions of one request. */
export interface Substitutes {
  readonly names?: Readonly<Record<string, string>> | undefined;
  readonly values?: Readonly<Record<string, AttributeValue>> | undefined;
}

/** Returns the values of placeholders, and remembers which ones were used. DynamoDB refuses a request with unused ones. */
export class Placeholders {
  readonly #substitutes: Substitutes;
  readonly #used = new Set<string>();

  constructor(substitutes: Substitutes) {
    this.#substitutes = substitutes;
    checkNotEmpty(substitutes.names, 'ExpressionAttributeNames');
    checkNotEmpty(substitutes.values, 'ExpressionAttributeValues');
  }

  name(placeholder: string, reader: TokenReader): string {
    const name = ownOf(this.#substitutes.names, placeholder);
    const problem = 'An expression attribute name used in the document path is not defined; attribute name:';
    if (name === undefined) throw reader.problem(`${problem} ${placeholder}`);
    this.#used.add(placeholder);
    return name;
  }

  /** Takes the next token, which must be a value. */
  takeValue(reader: TokenReader): AttributeValue {
    if (reader.next.kind !== 'value') throw reader.unexpected();
    const placeholder = reader.take().text;
    const value = ownOf(this.#substitutes.values, placeholder);
    const problem = 'An expression attribute value used in expression is not defined; attribute value:';
    if (value === undefined) throw reader.problem(`${problem} ${placeholder}`);
    this.#used.add(placeholder);
    return value;
  }

  /** Call this after every expression of the request was read. */
  checkAllUsed(): void {
    const { names = {}, values = {} } = this.#substitutes;
    this.#checkUsed(Object.keys(names), 'ExpressionAttributeNames');
    this.#checkUsed(Object.keys(values), 'ExpressionAttributeValues');
  }

  #checkUsed(placeholders: readonly string[], parameter: string): void {
    const unused = placeholders.filter((placeholder) => !this.#used.has(placeholder));
    if (unused.length === 0) return;
    throw new InvalidRequest(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`);
  }
}

function checkNotEmpty(substitutes: object | undefined, parameter: string): void {
  if (!substitutes || Object.keys(substitutes).length > 0) return;
  throw new InvalidRequest(`${parameter} must not be empty`);
}

function ownOf<T>(record: Readonly<Record<string, T>> = {}, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
