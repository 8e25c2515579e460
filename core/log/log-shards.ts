import { limits } from '../limits/limits.ts';

const { shardPagesMax, shardDigitsMax } = limits.repair;

/** How many hex digits of a segment id tell the key's place in its hour. */
const placeDigits = 8;

/**
 * Key prefixes that divide one hour of a log into shards of at most about `shardPagesMax` pages each. `pageEnd` is the
 * last key on the first page of the hour's listing. Segment ids are digests, so keys are spread evenly: the reach of
 * the first page tells how many keys the hour has.
 */
export function shardsOf(hourPrefix: string, pageEnd: string): readonly string[] {
  const digits = digitsFor(pagesOf(pageEnd.slice(hourPrefix.length)));
  return Array.from(
    { length: 16 ** digits },
    (_, index) => `${hourPrefix}${(16 ** digits + index).toString(16).slice(1)}`,
  );
}

/** A page that ends with a key of another kind tells nothing. The hour then counts as small. */
function pagesOf(nameOfEnd: string): number {
  const place = Number.parseInt(nameOfEnd.slice(0, placeDigits), 16);
  return Number.isNaN(place) ? 1 : 16 ** placeDigits / (place + 1);
}

function digitsFor(pages: number): number {
  let digits = 0;
  while (digits < shardDigitsMax && pages > shardPagesMax * 16 ** digits) digits += 1;
  return digits;
}
