/** Exact decimals for money. The errors of floats would show in sums over millions of events. */

/** The value is `units` divided by ten to the power of `scale`. */
export interface ExactDecimal {
  readonly units: bigint;
  readonly scale: number;
}

/**
 * Digits without sign, exponent or separators. Twelve on either side of the point are more than any amount needs. Even
 * a sum over billions of events fits a number of DynamoDB, which has 38 digits.
 */
const decimalShape = /^\d{1,12}(?:\.\d{1,12})?$/;

/** Undefined for anything but such a text. */
export function parseExactDecimal(text: unknown): ExactDecimal | undefined {
  if (typeof text !== 'string' || !decimalShape.test(text)) return undefined;
  const point = text.indexOf('.');
  if (point < 0) return { units: BigInt(text), scale: 0 };
  return { units: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

export const zero: ExactDecimal = { units: 0n, scale: 0 };

export function plus(left: ExactDecimal, right: ExactDecimal): ExactDecimal {
  if (left.units === 0n) return right;
  if (right.units === 0n) return left;
  const scale = Math.max(left.scale, right.scale);
  return { units: atScale(left, scale) + atScale(right, scale), scale };
}

export function times(left: ExactDecimal, right: ExactDecimal): ExactDecimal {
  return { units: left.units * right.units, scale: left.scale + right.scale };
}

export function isAbove(left: ExactDecimal, right: ExactDecimal): boolean {
  const scale = Math.max(left.scale, right.scale);
  return atScale(left, scale) > atScale(right, scale);
}

/** The value divided by ten to the power of `digits`, exactly. */
export function shifted({ units, scale }: ExactDecimal, digits: number): ExactDecimal {
  return { units, scale: scale + digits };
}

/** The value with `digits` decimals, rounded half up. `value` must not be negative. */
export function rounded(value: ExactDecimal, digits: number): ExactDecimal {
  if (value.scale <= digits) return value;
  const divisor = 10n ** BigInt(value.scale - digits);
  return { units: (value.units + divisor / 2n) / divisor, scale: digits };
}

const microsScale = 6;

/** The value in millionths, rounded half up. `value` must not be negative. */
export function toMicros(value: ExactDecimal): bigint {
  return atScale(rounded(value, microsScale), microsScale);
}

const signedShape = /^-?\d{1,12}(?:\.\d{1,6})?$/;

/** A signed amount such as `-12.50` in millionths. Undefined for any other text. */
export function signedMicros(text: unknown): bigint | undefined {
  if (typeof text !== 'string' || !signedShape.test(text)) return undefined;
  const value = parseExactDecimal(text.replace(/^-/, ''));
  return value && (text.startsWith('-') ? -toMicros(value) : toMicros(value));
}

function atScale({ units, scale }: ExactDecimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}
