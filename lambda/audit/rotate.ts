/** Each turn moves the start by this share of the whole. The starts then lie evenly, however many turns there were. */
const goldenShare = (Math.sqrt(5) - 1) / 2;

/**
 * The same items, beginning at another one at each turn: a run that never gets to the end must not leave out the same
 * ones each time. Of two who take turns at the same items, `isSecond` begins half-way round from the first.
 */
export function rotate<Item>(items: readonly Item[], turn: number, isSecond: boolean): readonly Item[] {
  const share = (turn * goldenShare + (isSecond ? 0.5 : 0)) % 1;
  const start = Math.floor(share * items.length);
  return [...items.slice(start), ...items.slice(0, start)];
}
