import type { AttributeMap, AttributeValue, TypeName } from '../attribute-value.ts';
import { type Path, readPath, valueAt } from './path.ts';
import type { Placeholders } from './placeholders.ts';
import type { TokenReader } from './tokens.ts';

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue };

export function readOperand(reader: TokenReader, placeholders: Placeholders): Operand {
  if (reader.next.kind === 'value') {
    return { kind: 'value', value: placeholders.value(reader.take().text, reader) };
  }
  return { kind: 'path', path: readPath(reader, placeholders) };
}

/** Undefined for a path that leads to nothing. */
export function operandValue(operand: Operand, item: AttributeMap): AttributeValue | undefined {
  return operand.kind === 'value' ? operand.value : valueAt(item, operand.path);
}

/** As DynamoDB's messages call the types. */
export const typeTitles: Readonly<Record<TypeName, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
  M: 'MAP',
  L: 'LIST',
};
