import { limits } from '../limits/limits.ts';
import { encodeValue } from './input/percent.ts';

/** All that may not stand in a header as it is: controls (CR and LF above all), space, and what is not ASCII. */
const unsafe = /[^\x21-\x7e]/gu;

/**
 * A URL fit for a `Location` header, otherwise as it was given, unknown tokens included; undefined when it leads
 * anywhere but to a web page or is longer than our bound.
 */
export function safeLocation(url: string): string | undefined {
  const escaped = url.replace(unsafe, encodeValue);
  if (escaped.length > limits.link.destinationCharactersMax) return undefined;
  return parseWebUrl(escaped) && escaped;
}

/** As browsers read it (WHATWG); http and https only, and no user name or password before the host. */
export function parseWebUrl(text: string): URL | undefined {
  if (!/^https?:\/\/[^/\\]/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.username === '' && url.password === '' ? url : undefined;
}
