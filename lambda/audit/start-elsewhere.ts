/**
 * Each turn moves the start by this share of the items, so that the starts are spread evenly after any number of turns.
 */
const goldenShare = (Math.sqrt(5) - 1) / 2;

/**
 * The same items, starting at another item at each turn: the items before the start follow after the last one. A run
 * that never gets to the end then leaves out other items each time. Two regions work on the same items. The second one
 * (`isSecond`) starts half-way round from the first.
 */
export function startElsewhere<Item>(items: readonly Item[], turn: number, isSecond: boolean): readonly Item[] {
  const share = (turn * goldenShare + (isSecond ? 0.5 : 0)) % 1;
  const start = Math.floor(share * items.length);
  return [...items.slice(start), ...items.slice(0, start)];
}
