/**
 * Data that does not fit one pass is divided into slices by a hash. `of`, the number of slices, is a power of two. So
 * each slice lies within one slice of a coarser division.
 */
export function sliceOfWord(word: number, of: number): number {
  return Math.floor((word / 2 ** 32) * of);
}

/** The slice of a text that begins with 8 hex digits. */
export function sliceOfHex(text: string, of: number): number {
  return sliceOfWord(Number.parseInt(text.slice(0, 8), 16), of);
}

/** How many slices are needed so that each has at most `sizeMax`, if all have about the same size. */
export function slicesFor(size: number, sizeMax: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(size / sizeMax)));
}
