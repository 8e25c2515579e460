/** Exact text for amounts and shares. No amount ever becomes a float. */

const microsPerUnit = 1_000_000n;

/** `12.50`: all digits after the point that the amount has, but at least two. */
export function amountText(micros: bigint): string {
  const digits = (absolute(micros) % microsPerUnit).toString().padStart(6, '0');
  const fraction = digits.replace(/0{1,4}$/, '');
  return `${micros < 0n ? '-' : ''}${absolute(micros) / microsPerUnit}.${fraction}`;
}

/** In millionths, rounded half up to a ten-thousandth. Both arguments are positive; undefined when `count` is 0. */
export function quotientMicros(micros: bigint, count: bigint): bigint | undefined {
  return count === 0n ? undefined : ((micros + 50n * count) / (100n * count)) * 100n;
}

/** `12.34%`, rounded half up; empty when `whole` is 0. */
export function shareText(part: bigint, whole: bigint): string {
  if (whole === 0n) return '';
  const hundredths = (20_000n * part + whole) / (2n * whole);
  return `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, '0')}%`;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
