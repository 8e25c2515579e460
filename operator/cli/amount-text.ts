/** How amounts and shares are written: exact, and never as floats. */

const microsPerUnit = 1_000_000n;

/** `12.50`; as many digits after the point as the amount has, two at least. */
export function amountText(micros: bigint): string {
  const digits = (absolute(micros) % microsPerUnit).toString().padStart(6, '0');
  const fraction = digits.replace(/0{1,4}$/, '');
  return `${micros < 0n ? '-' : ''}${absolute(micros) / microsPerUnit}.${fraction}`;
}

/** Millionths, rounded half up to a ten-thousandth, for both are positive; undefined when there is nothing to divide by. */
export function quotientMicros(micros: bigint, count: bigint): bigint | undefined {
  return count === 0n ? undefined : ((micros + 50n * count) / (100n * count)) * 100n;
}

/** `12.34%`, rounded half up; empty when there is nothing to have a share of. */
export function shareText(part: bigint, whole: bigint): string {
  if (whole === 0n) return '';
  const hundredths = (20_000n * part + whole) / (2n * whole);
  return `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, '0')}%`;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
