import type { AttributeMap, AttributeValue } from '../attribute-value.ts';
import { invalidValue } from '../invalid-request.ts';
import { checkDistinct, readName } from './attribute-name.ts';
import type { Placeholders } from './placeholders.ts';
import type { TokenReader } from './tokens.ts';

/**
 * Reads an update expression, and returns the attributes that it sets. Throws an InvalidRequest, also when it changes a
 * part of the key. Not modelled: REMOVE, ADD, DELETE, and the functions and sums of SET.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export function readUpdate(reader: TokenReader, placeholders: Placeholders, keyNames: readonly string[]): AttributeMap {
  const changes: [string, AttributeValue][] = [];
  reader.expect('SET');
  do changes.push(readChange(reader, placeholders));
  while (reader.takeIf(','));
  reader.expectEnd();
  const names = changes.map(([name]) => name);
  checkDistinct(names, reader);
  const keyName = names.find((name) => keyNames.includes(name));
  if (keyName === undefined) return Object.fromEntries(changes);
  throw invalidValue(`Cannot update attribute ${keyName}. This attribute is part of the key`);
}

function readChange(reader: TokenReader, placeholders: Placeholders): [string, AttributeValue] {
  const name = readName(reader, placeholders);
  reader.expect('=');
  if (reader.isCall) throw reader.unknownFunction(reader.next.text);
  return [name, placeholders.takeValue(reader)];
}
