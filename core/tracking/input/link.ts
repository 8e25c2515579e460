import { decodeTolerantly } from './percent.ts';

/**
 * The deep link that the author of a tracking link meant. In practice `url=` is not encoded at all, encoded once or
 * twice, or only encoded behind the host. A link with its own plain `?` is never decoded, because `%26` is no `&`
 * there. The host is never decoded. Whether visitors may go there is decided later (deep-link.ts).
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
  /** The text behind the question mark is not encoded. */
  readonly isPlainBehind: boolean;
}

const plainHost = /^https?:\/\/[^/?#\\%@\s]+(?=\/|%(?:25)*3f[^@]*$)/i;
const encodedMark = /%(?:25)*3f/i;
const equalsSign = /=|%(?:25)*3d/i;
const linkInPath = /https?(?::|%(?:25)*3a)/i;

/** Finds an encoded question mark. A `%3F` without a later `=` belongs to the path. */
function halfEncoded(link: string): HalfEncoded | undefined {
  if (link.includes('?') || !plainHost.test(link)) return undefined;
  const found = encodedMark.exec(link);
  if (found === null) return undefined;
  const [mark] = found;
  const [page, query] = [link.slice(0, found.index), link.slice(found.index + mark.length)];
  const [equals] = equalsSign.exec(query) ?? [];
  // A link inside the path, as image proxies have it, has its own encoded question mark.
  if (equals === undefined || page.includes('#') || linkInPath.test(page.slice(8))) return undefined;
  return { page, mark, query, isPlainBehind: equals === '=' };
}

/** Whether the next parameters of the tracking link belong to this unencoded deep link. */
export function takesMoreParameters(rawLink: string): boolean {
  return plainStart.test(rawLink) && (rawLink.includes('?') || halfEncoded(rawLink)?.isPlainBehind === true);
}

/** Whether a deep link was given unencoded. It must then not be decoded like other parameters. */
export function isUnencoded(rawLink: string): boolean {
  return plainStart.test(rawLink);
}
