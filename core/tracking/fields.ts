import type { EventFields, JsonValue } from '../event/event.ts';
import { keptAddress, keptUserAgent, type Privacy } from '../event/privacy.ts';
import { hashOfToken, shortHash } from '../keys/security-token.ts';
import { limits } from '../limits/limits.ts';
import type { TrackRequest } from './decision.ts';
import { parseId } from './input/id.ts';
import { normalLink } from './input/link.ts';
import type { Parameters } from './input/parameters.ts';
import { cutText } from './input/percent.ts';
import { trimBlanks, wordOf } from './input/word.ts';

/** Fields of an event before `presentFields`. */
export type PossibleFields = Readonly<Record<string, JsonValue | undefined>>;

/**
 * Joins the parts of an event, and leaves out undefined and empty fields, so that a line is as short as its link. Each
 * click comes by here, and one loop costs it less than spreads and lists of entries.
 */
export function presentFields(...parts: readonly PossibleFields[]): EventFields {
  const present: Record<string, JsonValue> = {};
  for (const part of parts) {
    for (const name of Object.keys(part)) {
      const value = part[name];
      if (value !== undefined && value !== '') present[name] = value;
    }
  }
  return present;
}

/** Whether the request asks for JSON (`format=json`), as servers do. */
export function wantsJson({ known }: Parameters): boolean {
  const format = known.get('format');
  return format !== undefined && wordOf(format) === 'json';
}

/** The known parameters with these names, as given. */
export function namedFields({ known }: Parameters, names: ReadonlySet<string>): PossibleFields {
  const fields: Record<string, string> = {};
  for (const [name, value] of known) if (names.has(name)) fields[name] = value;
  return fields;
}

/** The given text, if it differs from the value that was read from it: an event then carries both. */
export function ifDifferent(text: string | undefined, used: string): string | undefined {
  return text === used ? undefined : text;
}

/**
 * Ids as numbers, under the names of their parameters. Text that is more or less than an id is kept as `<name>_given`.
 */
export function idFields({ known }: Parameters, names: readonly string[]): PossibleFields {
  const fields: Record<string, JsonValue | undefined> = {};
  for (const name of names) {
    const text = known.get(name);
    if (text === undefined) continue;
    const id = parseId(text);
    fields[name] = id;
    fields[`${name}_given`] = ifDifferent(text, String(id ?? ''));
  }
  return fields;
}

/** The deep link as it was meant (input/link.ts) and, where that differs, as it was given. */
export function linkFields({ known }: Parameters): PossibleFields {
  const link = known.get('url');
  if (link === undefined) return {};
  const url = normalLink(link);
  return { url, url_given: ifDifferent(link, url) };
}

/** The visitor's address, user agent and referer, as far as the deployment keeps them. */
export function visitorFields({ ip, userAgent, referer }: TrackRequest, privacy: Privacy): PossibleFields {
  return {
    ip: keptAddress(cutText(ip, addressCharactersMax), privacy.clientAddress),
    user_agent: keptUserAgent(cutText(userAgent, limits.link.userAgentCharactersMax), privacy.userAgent),
    referer: cutText(referer, limits.link.refererCharactersMax),
  };
}

const addressCharactersMax = 64;

/** The hash of the security token, all parameters that Keeptrack does not know, and the way in. */
export function otherFields({ known, unknown }: Parameters, { host, isOverHttp }: TrackRequest): PossibleFields {
  const token = trimBlanks(known.get('security_token') ?? '');
  return {
    security_token_hash: token ? shortHash(hashOfToken(token)) : undefined,
    params: Object.keys(unknown).length > 0 ? unknown : undefined,
    host,
    over_http: isOverHttp,
  };
}
