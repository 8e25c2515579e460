/** Each turn moves the start by this share of the items, so that the starts are spread evenly after any number of turns. */
const goldenShare = (Math.sqrt(5) - 1) / 2;

/**
 * The same items, beginning at another item at each turn. A run that never gets to the end then leaves out other items
 * each time. Two regions rotate the same items: the second one (`isSecond`) begins half-way round from the first.
 */
export function rotate<Item>(items: readonly Item[], turn: number, isSecond: boolean): readonly Item[] {
  const share = (turn * goldenShare + (isSecond ? 0.5 : 0)) % 1;
  const start = Math.floor(share * items.length);
  return [...items.slice(start), ...items.slice(0, start)];
}
