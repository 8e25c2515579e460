import { limits } from '../limits/limits.ts';

const { shardPagesMax, shardDigitsMax } = limits.repair;

/** Of hex digits by which the place of a key in its hour is told. */
const placeDigits = 8;

/**
 * Prefixes that together cover the hour of which a listing's first page ends with the key `pageEnd`, of some pages each.
 * Segment ids are digests, so that an hour's keys are spread evenly, and how far the first page reaches tells how many
 * there are.
 */
export function shardsOf(hourPrefix: string, pageEnd: string): readonly string[] {
  const digits = digitsFor(pagesOf(pageEnd.slice(hourPrefix.length)));
  return Array.from(
    { length: 16 ** digits },
    (_, index) => `${hourPrefix}${(16 ** digits + index).toString(16).slice(1)}`,
  );
}

/** A page that ends with a foreign key tells nothing: then the hour is taken for a small one. */
function pagesOf(nameOfEnd: string): number {
  const place = Number.parseInt(nameOfEnd.slice(0, placeDigits), 16);
  return Number.isNaN(place) ? 1 : 16 ** placeDigits / (place + 1);
}

function digitsFor(pages: number): number {
  let digits = 0;
  while (digits < shardDigitsMax && pages > shardPagesMax * 16 ** digits) digits += 1;
  return digits;
}
