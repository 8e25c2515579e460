import type { Offer } from '../../../core/catalog/catalog.ts';
import { safeLocation } from '../../../core/tracking/location.ts';
import { type HttpAnswer, jsonFields } from '../../clients/http-client.ts';

/** Checks an answer, and returns one line for each problem. */
type Judge = (answer: HttpAnswer) => readonly string[];

/** The visitor must be sent to the offer's own page, and never to a place that only the link names. */
export function landsOn(offer: Offer): Judge {
  return ({ headers }) => locationProblems(headers['location'] ?? '', offer);
}

/** The same for a link with `format=json`, whose answer also has a transaction id. */
export function answersLandingAsJson(offer: Offer): Judge {
  return ({ body }) => {
    const { success, transaction_id: id, url } = jsonFields(body);
    return [
      ...(success === true ? [] : ['success is not true']),
      ...(typeof id === 'string' && /^[\w-]{36}$/.test(id) ? [] : ['there is no transaction id of 36 characters']),
      ...locationProblems(typeof url === 'string' ? url : '', offer),
    ];
  };
}

function locationProblems(location: string, offer: Offer): readonly string[] {
  // Macros stand behind the host, so this checks at least the offer's host.
  const fixed = safeLocation(offer.offer_url.split('{')[0] ?? '', offer.app_schemes) ?? offer.offer_url;
  return location.startsWith(fixed) ? [] : [`leads to ${location || 'nowhere'}, not to ${fixed}…`];
}

/** An allowed deep link must lead to this page of this host, with its own parameters. */
export function landsOnPage(host: string, path: string, parameters: Readonly<Record<string, string>>): Judge {
  return ({ headers: { location = '' } }) => {
    if (!URL.canParse(location)) return [`leads to ${location || 'nowhere'}`];
    const url = new URL(location);
    const isThere = url.protocol === 'https:' && url.host === host && url.pathname === path;
    const lost = Object.entries(parameters).filter(([name, value]) => url.searchParams.get(name) !== value);
    return [
      ...(isThere ? [] : [`leads to ${location}, not to https://${host}${path}`]),
      ...lost.map(([name]) => `lost ${name} of the deep link: ${location}`),
    ];
  };
}

/** A click that no offer takes must lead to the network's page (`url`), or nowhere. */
export function leadsTo(url: string | undefined): Judge {
  return ({ headers: { location } }) =>
    location === url ? [] : [`leads to ${location ?? 'nowhere'}, not to ${url ?? 'nowhere'}`];
}

export const isImage: Judge = ({ headers, body }) => [
  ...(headers['content-type'] === 'image/gif' ? [] : [`is ${headers['content-type']}, not image/gif`]),
  ...(body.startsWith('GIF89a') ? [] : ['is no GIF']),
];

/** The body must be exactly this text: senders compare it. */
export function says(text: string): Judge {
  return ({ body }) =>
    body === text ? [] : [`says ${JSON.stringify(body.slice(0, 100))}, not ${JSON.stringify(text)}`];
}

export function mentions(...texts: readonly string[]): Judge {
  return ({ body }) =>
    texts.some((text) => body.includes(text)) ? [] : [`says ${JSON.stringify(body.slice(0, 100))}`];
}

export function setsNo(headerName: string): Judge {
  return ({ headers }) =>
    headers[headerName] === undefined ? [] : [`sets ${headerName}: a link must not set headers`];
}

/**
 * Browsers send `{`, `}`, `|` and `"` in a query as they stand, so every link with a macro that nobody filled in has them.
 * A front door that refuses them answers before `track` hears of the request.
 */
export const takesRawCharacters: Judge = ({ status, headers }) =>
  status === 400 && headers['x-keeptrack-captured'] === undefined
    ? [
        'the front door refuses {, }, | or " in a query, before track hears of the click. Links with a macro that nobody filled in have these characters, and browsers send them as they stand. Take the load balancer: see "Front doors" in docs/deploy.md',
      ]
    : [];

export function both(one: Judge, other: Judge): Judge {
  return (answer) => [...one(answer), ...other(answer)];
}

/** The transaction id in the answer to `format=json`. */
export function answeredTransactionId(body: string): string {
  const { transaction_id: id } = jsonFields(body);
  return typeof id === 'string' ? id : '';
}
