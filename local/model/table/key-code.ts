import type { AttributeValue } from './attribute-value.ts';

/**
 * Key values as text that sorts as DynamoDB sorts them: strings by their UTF-8 bytes. Each character stands for one
 * byte. Keys of other types are not modelled.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.html
 */
export function keyCode(value: AttributeValue): string {
  if ('S' in value) return Buffer.from(value.S).toString('latin1');
  throw new Error('only strings are keys');
}

/** Joins codes into one that sorts by the first code, then by the next. No code is a prefix of another one. */
export function joinCodes(codes: readonly string[]): string {
  return codes.map((code) => `${code.replaceAll('\0', '\0\x01')}\0\0`).join('');
}
