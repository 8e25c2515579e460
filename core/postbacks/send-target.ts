/** Where a request goes. Whether the host has public addresses is checked when the connection is opened. */
export interface SendTarget {
  readonly isSecure: boolean;
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Path and query. `URL` has encoded what could end a line. */
  readonly path: string;
  readonly url: URL;
}

/** Undefined for what is no http(s) URL of a partner. `base`: the URL that redirects to `text`. */
export function sendTargetOf(text: string, base?: URL): SendTarget | undefined {
  if (!URL.canParse(text, base)) return undefined;
  const url = new URL(text, base);
  const isSecure = url.protocol === 'https:';
  if (!isSecure && url.protocol !== 'http:') return undefined;
  if (url.username !== '' || url.password !== '') return undefined;
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  if (!isPartnersPort(port)) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { isSecure, host, port, path: `${url.pathname}${url.search}`, url };
}

/** The other ports below 1,024 belong to services that do not speak HTTP, such as mail. */
function isPartnersPort(port: number): boolean {
  return port === 80 || port === 443 || port >= 1_024;
}

const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];

export function isRedirect(status: number, location: string | undefined): location is string {
  return redirectStatuses.includes(status) && location !== undefined;
}

/** Whether a POST stays a POST. After the other redirects it becomes a GET, as in browsers. */
export function keepsMethod(status: number): boolean {
  return status === 307 || status === 308;
}

/**
 * Where a redirect leads; undefined when it is refused. From https to http it is: everybody on the way could read the
 * click ids and keys that the URL may hold.
 */
export function redirectTarget(from: SendTarget, location: string): SendTarget | undefined {
  const target = sendTargetOf(location, from.url);
  return from.isSecure && !target?.isSecure ? undefined : target;
}
