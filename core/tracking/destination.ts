import type { Catalog, Offer } from '../catalog/catalog.ts';
import { appSchemeOf } from '../catalog/url-template.ts';
import type { CapsContext } from './caps-check.ts';
import type { Credit } from './credit.ts';
import { redirectOfferFor } from './credit.ts';
import { type DeepLinkRefusal, judgeDeepLink } from './deep-link.ts';
import { parseId } from './input/id.ts';
import { normalLink } from './input/link.ts';
import { noParameters, type Parameters } from './input/parameters.ts';
import { safeLocation } from './location.ts';
import { expandAppLink, expandMacros, type MacroSource } from './macros.ts';

/** The offer on which a visitor lands. `redirected`: the link's own offer could not take the click. */
export interface Landing {
  readonly offer: Offer;
  readonly redirected: boolean;
}

export function landingOf(credit: Credit, context: CapsContext): Landing | undefined {
  if (credit.offer === undefined) return undefined;
  if (credit.refusal === undefined) return { offer: credit.offer, redirected: false };
  const taker = redirectOfferFor(credit.offer, credit, context);
  return taker && { offer: taker, redirected: true };
}

/** Where a visitor is sent; `kind` is on the event as `destination`. */
export interface Destination {
  readonly kind: 'offer' | 'alternate' | 'deep-link' | 'redirect-offer' | 'default' | 'none';
  /** Safe for a `Location` header; absent only when the kind is `none`. */
  readonly url?: string;
  readonly deepLinkRefused?: DeepLinkRefusal;
}

/** `source` fills the macros. Its offer is that of the landing. */
export function destinationOf(landing: Landing, source: MacroSource, parameters: Parameters): Destination {
  if (landing.redirected) return ownPage('redirect-offer', landing.offer.offer_url, source);
  const alternate = alternateOf(landing.offer, parameters);
  const own =
    alternate === undefined
      ? ownPage('offer', landing.offer.offer_url, source)
      : ownPage('alternate', alternate.url, { ...source, offerUrlId: alternate.id });
  const link = parameters.known.get('url');
  if (!link) return own;
  const judged = judgeDeepLink(expandMacros(normalLink(link), source), landing.offer, own.url ?? '');
  return judged.kind === 'accepted'
    ? { kind: 'deep-link', url: judged.url }
    : { ...own, deepLinkRefused: judged.reason };
}

export function defaultDestination({ network }: Catalog): Destination {
  const url = network.default_url && safeLocation(network.default_url);
  return url ? { kind: 'default', url } : { kind: 'none' };
}

function alternateOf(offer: Offer, { known }: Parameters): Offer['urls'][number] | undefined {
  const id = parseId(known.get('url_id'));
  return offer.urls.find((url) => url.id === id);
}

/** Values of the link can make the URL too long. Then it is expanded without them. */
function ownPage(kind: Destination['kind'], template: string, source: MacroSource): Destination {
  const { app_schemes: schemes = [] } = source.offer;
  const expand = schemes.length > 0 && appSchemeOf(template) ? expandAppLink : expandMacros;
  const url =
    safeLocation(expand(template, source), schemes) ??
    safeLocation(expand(template, { ...source, parameters: noParameters, ip: '' }), schemes);
  return url === undefined ? { kind: 'none' } : { kind, url };
}
