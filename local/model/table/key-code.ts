import type { AttributeValue } from './attribute-value.ts';
import { digitsOf, magnitudeOf, parseTableNumber, type TableNumber } from './table-number.ts';

/**
 * Key values as text whose plain order is DynamoDB's: strings by their UTF-8 bytes, numbers by value, binaries by byte.
 * Every character stands for one byte. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.html
 */
export function keyCode(value: AttributeValue): string {
  if ('S' in value) return Buffer.from(value.S).toString('latin1');
  if ('B' in value) return Buffer.from(value.B, 'base64').toString('latin1');
  if ('N' in value) return numberCode(parseTableNumber(value.N));
  throw new Error('only strings, numbers and binaries are keys');
}

/** Several codes as one, in the order of the first, then of the next: none can pass for the beginning of another. */
export function joinCodes(codes: readonly string[]): string {
  return codes.map((code) => `${code.replaceAll('\0', '\0\x01')}\0\0`).join('');
}

/** How every joined code begins whose first code begins with `prefix`. */
export function codePrefix(prefix: string): string {
  return prefix.replaceAll('\0', '\0\x01');
}

/** More digits are more, or, below zero, less: there all is turned round, and its end sorts after every digit. */
function numberCode(number: TableNumber): string {
  if (number.coefficient === 0n) return '1';
  const text = String(magnitudeOf(number) + 200) + digitsOf(number.coefficient);
  if (number.coefficient > 0n) return `2${text}`;
  return `0${text.replace(/\d/g, (digit) => String(9 - Number(digit)))}~`;
}
