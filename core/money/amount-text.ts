const microsPerUnit = 1_000_000n;

/** `12.50`: all digits after the point that an amount in millionths has, but at least two. */
export function amountText(micros: bigint): string {
  const absolute = micros < 0n ? -micros : micros;
  const digits = (absolute % microsPerUnit).toString().padStart(6, '0');
  const fraction = digits.replace(/0{1,4}$/, '');
  return `${micros < 0n ? '-' : ''}${absolute / microsPerUnit}.${fraction}`;
}
