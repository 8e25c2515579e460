import type { AttributeValue } from './attribute-value.ts';

/**
 * Key values as text whose plain order is DynamoDB's: strings by their UTF-8 bytes. Every character stands for one byte.
 * Keys of other types are not modelled. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.html
 */
export function keyCode(value: AttributeValue): string {
  if ('S' in value) return Buffer.from(value.S).toString('latin1');
  throw new Error('only strings are keys');
}

/** Several codes as one, in the order of the first, then of the next: none can pass for the beginning of another. */
export function joinCodes(codes: readonly string[]): string {
  return codes.map((code) => `${code.replaceAll('\0', '\0\x01')}\0\0`).join('');
}
