import { limits } from '../limits/limits.ts';
import { encodeValue } from './input/percent.ts';

/** Characters that must not be in a header: control characters (above all CR and LF), spaces and all beyond ASCII. */
const unsafe = /[^\x21-\x7e]/gu;

/**
 * The URL with unsafe characters encoded, for a `Location` header. Nothing else changes: unknown macros stay. Undefined
 * when it is no web URL or is too long.
 */
export function safeLocation(url: string): string | undefined {
  const escaped = url.replace(unsafe, encodeValue);
  if (escaped.length > limits.link.destinationCharactersMax) return undefined;
  return parseWebUrl(escaped) && escaped;
}

/** Parses as browsers do (WHATWG). Accepts http and https only, without user name and password. */
export function parseWebUrl(text: string): URL | undefined {
  if (!/^https?:\/\/[^/\\]/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.username === '' && url.password === '' ? url : undefined;
}
