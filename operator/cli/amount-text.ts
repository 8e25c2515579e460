/** Exact quotients and shares. No amount ever becomes a float. */

/** In millionths, rounded half up to a ten-thousandth. Undefined when `count` is not above 0. */
export function quotientMicros(micros: bigint, count: bigint): bigint | undefined {
  return count > 0n ? roundedQuotient(micros, 100n * count) * 100n : undefined;
}

/** `12.34%`, rounded half up. Undefined when `whole` is not above 0. */
export function shareText(part: bigint, whole: bigint): string | undefined {
  if (whole <= 0n) return undefined;
  const hundredths = roundedQuotient(10_000n * part, whole);
  const digits = (absolute(hundredths) % 100n).toString().padStart(2, '0');
  return `${hundredths < 0n ? '-' : ''}${absolute(hundredths) / 100n}.${digits}%`;
}

/** A negative quotient is rounded like its absolute value. `divisor` is above 0. */
function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const quotient = (2n * absolute(dividend) + divisor) / (2n * divisor);
  return dividend < 0n ? -quotient : quotient;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
