/** A number as an exact fraction. `whole` is above 0. */
export interface Ratio {
  readonly part: bigint;
  readonly whole: bigint;
}

export function isLess(left: Ratio, right: Ratio): boolean {
  return left.part * right.whole < right.part * left.whole;
}

export function smaller(left: Ratio, right: Ratio): Ratio {
  return isLess(right, left) ? right : left;
}

export function percentOf({ part, whole }: Ratio, percent: number): Ratio {
  return { part: part * BigInt(percent), whole: whole * 100n };
}

/** `0.43 %`, rounded half up. */
export function percentText({ part, whole }: Ratio): string {
  const hundredths = (part * 20_000n + whole) / (2n * whole);
  return `${hundredths / 100n}.${`${hundredths % 100n}`.padStart(2, '0')} %`;
}

/** `4,210`, rounded half up. */
export function countText({ part, whole }: Ratio): string {
  return ((2n * part + whole) / (2n * whole)).toLocaleString('en-US');
}
