import { decodeTolerantly } from './percent.ts';

/**
 * The deep link that somebody meant, of the one that a tracking link gives: `url=` is encoded not at all, once, twice, or
 * only behind the host. A link that has a `?` of its own is never decoded, since its `%26` is no `&`. The host is never
 * touched: what stands before it has to be plain. Whether the link is followed is judged afterwards.
 */
export function normalLink(given: string): string {
  let link = given;
  for (let layer = 0; layer < layersMax && encodedStart.test(link) && !plainStart.test(link); layer++) {
    link = decodeTolerantly(link);
  }
  return plainStart.test(link) ? withOwnQuery(link) : given;
}

const layersMax = 3;
const plainStart = /^https?:\/\//i;
const encodedStart = /^https?(?::|%(?:25)*3a)(?:\/|%(?:25)*2f){2}/i;

/** `https://shop/p%3Fa%3D1%26b%3D2`; also `https://shop/p%3Fa=1`, where only the question mark was encoded. */
function withOwnQuery(link: string): string {
  const half = halfEncoded(link);
  if (half === undefined) return link;
  const { page, mark, query } = half;
  if (half.isPlainBehind) return `${page}?${query}`;
  let [plainPage, plainQuery] = [page, mark + query];
  for (let layer = 0; layer < layersMax && !plainQuery.startsWith('?'); layer++) {
    plainQuery = decodeTolerantly(plainQuery);
    plainPage = plainPage.replace(/%25(?=[0-9a-f]{2})/gi, '%');
  }
  return plainPage + plainQuery;
}

interface HalfEncoded {
  readonly page: string;
  /** The question mark, encoded once or more. */
  readonly mark: string;
  readonly query: string;
  /** What stands behind the question mark is not encoded. */
  readonly isPlainBehind: boolean;
}

const plainHost = /^https?:\/\/[^/?#\\%@\s]+(?=\/|%(?:25)*3f[^@]*$)/i;
const encodedMark = /%(?:25)*3f/i;
const equalsSign = /=|%(?:25)*3d/i;
const linkInPath = /https?(?::|%(?:25)*3a)/i;

/** A `%3F` that no `=` follows belongs to the path. */
function halfEncoded(link: string): HalfEncoded | undefined {
  if (link.includes('?') || !plainHost.test(link)) return undefined;
  const found = encodedMark.exec(link);
  if (found === null) return undefined;
  const [mark] = found;
  const [page, query] = [link.slice(0, found.index), link.slice(found.index + mark.length)];
  const [equals] = equalsSign.exec(query) ?? [];
  // A whole link within the path, as of an image proxy, has an encoded question mark of its own.
  if (equals === undefined || page.includes('#') || linkInPath.test(page.slice(8))) return undefined;
  return { page, mark, query, isPlainBehind: equals === '=' };
}

/** Whether the parameters behind a link that was not encoded belong to it. */
export function takesMoreParameters(rawLink: string): boolean {
  return plainStart.test(rawLink) && (rawLink.includes('?') || halfEncoded(rawLink)?.isPlainBehind === true);
}

/** Whether it came unencoded, and thus must not be decoded as a parameter. */
export function isUnencoded(rawLink: string): boolean {
  return plainStart.test(rawLink);
}
