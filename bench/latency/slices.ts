/** Even, so that both kinds get as many. */
export const slicesOfRound = 32;
export const sliceMs = 1_250;

/**
 * Whether S3 is down at a moment of a round, ms from its start. Kinds come in the order of Thue and Morse, by the parity
 * of a number's binary ones: neither kind is first more often, nor in step with anything that happens at intervals.
 */
export function isDownAt(round: number, atMs: number): boolean {
  const slice = Math.min(slicesOfRound - 1, Math.floor(atMs / sliceMs));
  return isOdd(onesOf(slice) + round);
}

function onesOf(value: number): number {
  return value.toString(2).replaceAll('0', '').length;
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}
