/** An event id as four words of 32 bits. Comparing word by word gives the order of the ids. */
export type IdWords = Uint32Array;

/** Parses a UUID. Always returns the same array: a new array for each event would cost time. */
export function idWords(id: string): IdWords {
  scratch[0] = hexWord(id, 0, 8);
  scratch[1] = (hexWord(id, 9, 13) << 16) | hexWord(id, 14, 18);
  scratch[2] = (hexWord(id, 19, 23) << 16) | hexWord(id, 24, 28);
  scratch[3] = hexWord(id, 28, 36);
  return scratch;
}

const scratch = new Uint32Array(4);

function hexWord(text: string, from: number, to: number): number {
  let word = 0;
  for (let index = from; index < to; index += 1) word = (word << 4) | hexDigit(text.charCodeAt(index));
  return word;
}

function hexDigit(unit: number): number {
  return unit < 0x3a ? unit - 0x30 : unit - 0x57;
}
