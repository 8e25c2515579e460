import { InvalidRequest } from './invalid-request.ts';

/**
 * DynamoDB's numbers: exact decimals of up to 38 significant digits, between 10^-130 and 10^126.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number
 */
export interface TableNumber {
  /** Without trailing zeros. The value is coefficient * 10^exponent. */
  readonly coefficient: bigint;
  readonly exponent: number;
}

const digitsMax = 38;
/** The decimal exponent of the first digit. */
const magnitudeMin = -130;
const magnitudeMax = 125;

/** Throws an InvalidRequest for text that is no number, and for a number that DynamoDB cannot store. */
export function parseTableNumber(text: string): TableNumber {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/.exec(text);
  const [, sign, whole = '', fraction = '', exponent = '0'] = match ?? [];
  const digits = `${whole}${fraction}`;
  if (digits === '') {
    throw new InvalidRequest(
      text === ''
        ? 'The parameter cannot be converted to a numeric value'
        : `The parameter cannot be converted to a numeric value: ${text}`,
    );
  }
  return decimal(BigInt(digits) * (sign === '-' ? -1n : 1n), Number(exponent) - fraction.length);
}

/** DynamoDB returns numbers without an exponent and without redundant zeros. */
export function formatTableNumber({ coefficient, exponent }: TableNumber): string {
  const sign = coefficient < 0n ? '-' : '';
  const digits = digitsOf(coefficient);
  if (exponent >= 0) return sign + digits + '0'.repeat(exponent);
  const padded = digits.padStart(1 - exponent, '0');
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

/** Below 0 when `one` is less than `other`, 0 when they are equal. */
export function compareTableNumbers(one: TableNumber, other: TableNumber): number {
  const exponent = Math.min(one.exponent, other.exponent);
  const difference = scaled(one, exponent) - scaled(other, exponent);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** `0` for zero. */
function digitsOf(coefficient: bigint): string {
  return (coefficient < 0n ? -coefficient : coefficient).toString();
}

function decimal(coefficient: bigint, exponent: number): TableNumber {
  if (coefficient === 0n) return { coefficient, exponent: 0 };
  const digits = digitsOf(coefficient);
  const zeros = digits.length - digits.replace(/0+$/, '').length;
  const value = zeros === 0 ? { coefficient, exponent } : withoutZeros(coefficient, exponent, zeros);
  if (digits.length - zeros > digitsMax) {
    throw new InvalidRequest(`Attempting to store more than ${digitsMax} significant digits in a Number`);
  }
  const magnitude = digits.length - 1 + exponent;
  if (magnitude > magnitudeMax) throw outOfRange('overflow', 'larger');
  if (magnitude < magnitudeMin) throw outOfRange('underflow', 'smaller');
  return value;
}

function withoutZeros(coefficient: bigint, exponent: number, zeros: number): TableNumber {
  return { coefficient: coefficient / 10n ** BigInt(zeros), exponent: exponent + zeros };
}

function outOfRange(what: string, comparison: string): InvalidRequest {
  return new InvalidRequest(
    `Number ${what}. Attempting to store a number with magnitude ${comparison} than supported range`,
  );
}

function scaled({ coefficient, exponent }: TableNumber, target: number): bigint {
  return coefficient * 10n ** BigInt(exponent - target);
}
