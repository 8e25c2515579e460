import type { Offer } from '../catalog/catalog.ts';
import { limits } from '../limits/limits.ts';
import { parseWebUrl } from './location.ts';

/** Why a visitor was not sent to the `url=` of the link; on the event as `deep_link_refused`. */
export type DeepLinkRefusal = 'not-allowed' | 'malformed' | 'port' | 'host' | 'too-long';

export type DeepLink =
  | { readonly kind: 'accepted'; readonly url: string }
  | { readonly kind: 'refused'; readonly reason: DeepLinkRefusal };

/**
 * Decides whether an affiliate may send visitors to `link`, whose macros are expanded already. An accepted URL is the
 * text that the URL parser writes, never the text of the link. So no browser can read it differently.
 *
 * `offerUrl` is the offer's own URL, expanded. Its parameters are added when the offer says so.
 */
export function judgeDeepLink(link: string, offer: Offer, offerUrl: string): DeepLink {
  if (!offer.allow_website_links) return { kind: 'refused', reason: 'not-allowed' };
  const url = ambiguous.test(link) ? undefined : parseWebUrl(link);
  if (url === undefined) return { kind: 'refused', reason: 'malformed' };
  if (url.port !== '') return { kind: 'refused', reason: 'port' };
  if (!offer.website_hosts.some((entry) => matchesHost(url.hostname, entry)))
    return { kind: 'refused', reason: 'host' };
  if (offer.website_links_copy_static_params) copyParameters(offerUrl, url);
  if (url.href.length > limits.link.destinationCharactersMax) return { kind: 'refused', reason: 'too-long' };
  return { kind: 'accepted', url: url.href };
}

/** The URL parser drops tabs and newlines and turns `\` into `/`. An honest link has none of these. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const ambiguous = /[\u0000-\u001f\u007f\\]/;

function matchesHost(host: string, entry: string): boolean {
  return entry.startsWith('*.') ? host.endsWith(entry.slice(1)) && host.length > entry.length - 1 : host === entry;
}

/** Edits the query as text, because URLSearchParams would encode the affiliate's whole query anew. */
function copyParameters(from: string, to: URL): void {
  const copied = parametersOf(parseWebUrl(from)?.search);
  const names = new Set(copied.map(nameOf));
  const kept = parametersOf(to.search).filter((parameter) => !names.has(nameOf(parameter)));
  to.search = [...kept, ...copied].join('&');
}

function parametersOf(search = ''): string[] {
  return search.replace(/^\?/, '').split('&').filter(Boolean);
}

/** The name as the landing page will read it: `transaction%5Fid` is `transaction_id`. */
function nameOf(parameter: string): string {
  return [...new URLSearchParams(parameter).keys()][0] ?? '';
}
