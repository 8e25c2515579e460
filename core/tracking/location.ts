import { type AppScheme, appSchemeOf } from '../catalog/url-template.ts';
import { limits } from '../limits/limits.ts';
import { encodeValue } from './input/percent.ts';

/** Characters that must not be in a header: control characters (above all CR and LF), spaces and all beyond ASCII. */
const unsafe = /[^\x21-\x7e]/gu;

/**
 * The URL with unsafe characters encoded, for a `Location` header. Nothing else changes: unknown macros stay. Undefined
 * when it is too long, or neither a web URL nor an app link of one of `schemes`.
 */
export function safeLocation(url: string, schemes: readonly AppScheme[] = []): string | undefined {
  const escaped = url.replace(unsafe, encodeValue);
  if (escaped.length > limits.link.destinationCharactersMax) return undefined;
  const scheme = schemes.length > 0 ? appSchemeOf(escaped) : undefined;
  return (scheme && schemes.includes(scheme)) || isWebUrl(escaped) ? escaped : undefined;
}

/** Whether `parseWebUrl` accepts the text. Only text with an `@` can have a user name, so most text need not be parsed. */
function isWebUrl(text: string): boolean {
  return text.includes('@') ? parseWebUrl(text) !== undefined : webStart.test(text) && URL.canParse(text);
}

/** Parses as browsers do (WHATWG). Accepts http and https only, without user name and password. */
export function parseWebUrl(text: string): URL | undefined {
  if (!webStart.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.username === '' && url.password === '' ? url : undefined;
}

const webStart = /^https?:\/\/[^/\\]/i;
