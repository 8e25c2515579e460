import type { Offer } from '../../../core/catalog/catalog.ts';
import { safeLocation } from '../../../core/tracking/location.ts';
import type { HttpAnswer } from '../../clients/http-client.ts';

/** Judges of answers: each names what is wrong, and an empty list is a good answer. */
type Judge = (answer: HttpAnswer) => readonly string[];

/** A visitor is sent to the offer's own page: never to a place that the link alone named. */
export function landsOn(offer: Offer): Judge {
  return ({ headers }) => locationProblems(headers['location'] ?? '', offer);
}

/** The same, where `format=json` asks for it, and a transaction id with it. */
export function answersLandingAsJson(offer: Offer): Judge {
  return ({ body }) => {
    const { success, transaction_id: id, url } = parsed(body);
    return [
      ...(success === true ? [] : ['success is not true']),
      ...(typeof id === 'string' && /^[\w-]{36}$/.test(id) ? [] : ['there is no transaction id of 36 characters']),
      ...locationProblems(typeof url === 'string' ? url : '', offer),
    ];
  };
}

function locationProblems(location: string, offer: Offer): readonly string[] {
  // Macros stand behind the host, so this holds the visitor to the offer's host at least.
  const fixed = safeLocation(offer.offer_url.split('{')[0] ?? '') ?? offer.offer_url;
  return location.startsWith(fixed) ? [] : [`leads to ${location || 'nowhere'}, not to ${fixed}…`];
}

/** A deep link that the offer allows: this page of this host, and its own parameters. */
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

/** What nobody can take goes to the network's page, or there is a plain page. */
export function leadsTo(url: string | undefined): Judge {
  return ({ headers: { location } }) =>
    location === url ? [] : [`leads to ${location ?? 'nowhere'}, not to ${url ?? 'nowhere'}`];
}

export const isImage: Judge = ({ headers, body }) => [
  ...(headers['content-type'] === 'image/gif' ? [] : [`is ${headers['content-type']}, not image/gif`]),
  ...(body.startsWith('GIF89a') ? [] : ['is no GIF']),
];

/** Senders compare the body with a literal. */
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

export function both(one: Judge, other: Judge): Judge {
  return (answer) => [...one(answer), ...other(answer)];
}

/** The transaction id that `format=json` answered. */
export function answeredTransactionId(body: string): string {
  const { transaction_id: id } = parsed(body);
  return typeof id === 'string' ? id : '';
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
