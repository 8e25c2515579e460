/** Each turn goes on by this share of the whole: starts then lie evenly, however many turns there were. */
const goldenShare = (Math.sqrt(5) - 1) / 2;

/**
 * The same items, beginning elsewhere at each turn, so that who never gets to the end does not leave out the same ones
 * each time. Of two who take turns at the same things, `isSecond` begins half-way round from the first.
 */
export function rotate<Item>(items: readonly Item[], turn: number, isSecond: boolean): readonly Item[] {
  const share = (turn * goldenShare + (isSecond ? 0.5 : 0)) % 1;
  const start = Math.floor(share * items.length);
  return [...items.slice(start), ...items.slice(0, start)];
}
