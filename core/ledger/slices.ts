/**
 * What does not fit one pass is taken in slices of the range of its hash; `of` is a power of two, so that slices of one
 * number lie within those of a smaller one.
 */
export function sliceOfWord(word: number, of: number): number {
  return Math.floor((word / 2 ** 32) * of);
}

/** Of a text that begins with hex digits. */
export function sliceOfHex(text: string, of: number): number {
  return sliceOfWord(Number.parseInt(text.slice(0, 8), 16), of);
}

/** How many slices, of at most `sizeMax` each if their sizes are alike. */
export function slicesFor(size: number, sizeMax: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(size / sizeMax)));
}
