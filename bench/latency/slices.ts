/** Even, so that both kinds have the same number of slices. */
export const slicesOfRound = 32;
export const sliceMs = 1_250;

/**
 * Whether S3 is down at a moment of a round, in ms from its start. The kinds follow the Thue-Morse sequence (the parity
 * of the binary ones of the slice's number). Neither kind comes first more often, and neither is in step with regular
 * events.
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
