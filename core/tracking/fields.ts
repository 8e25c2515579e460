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

/** Leaves out undefined and empty fields, so that a line is as short as its link. */
export function presentFields(fields: Readonly<Record<string, JsonValue | undefined>>): EventFields {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, JsonValue] => field[1] !== undefined && field[1] !== ''),
  );
}

/** Whether the request asks for JSON (`format=json`), as servers do. */
export function wantsJson({ known }: Parameters): boolean {
  return wordOf(known.get('format') ?? '') === 'json';
}

/** The known parameters with these names, as given. */
export function namedFields({ known }: Parameters, names: ReadonlySet<string>): EventFields {
  return Object.fromEntries([...known].filter(([name, value]) => value !== '' && names.has(name)));
}

/** The given text, if it differs from the value that was read from it: an event then carries both. */
export function ifDifferent(text: string | undefined, used: string): string | undefined {
  return text === used ? undefined : text;
}

/**
 * Ids as numbers, under the names of their parameters. Text that is more or less than an id is kept as `<name>_given`.
 */
export function idFields({ known }: Parameters, names: readonly string[]): EventFields {
  const fields = names.flatMap((name): [string, JsonValue | undefined][] => {
    const id = parseId(known.get(name));
    return [
      [name, id],
      [`${name}_given`, ifDifferent(known.get(name), String(id ?? ''))],
    ];
  });
  return presentFields(Object.fromEntries(fields));
}

/** The deep link as it was meant (input/link.ts) and, where that differs, as it was given. */
export function linkFields({ known }: Parameters): EventFields {
  const link = known.get('url') ?? '';
  const url = normalLink(link);
  return presentFields({ url, url_given: url === link ? undefined : link });
}

/** The visitor's address, user agent and referer, as far as the deployment keeps them. */
export function visitorFields({ ip, userAgent, referer }: TrackRequest, privacy: Privacy): EventFields {
  return presentFields({
    ip: keptAddress(cutText(ip, addressCharactersMax), privacy.clientAddress),
    user_agent: keptUserAgent(cutText(userAgent, limits.link.userAgentCharactersMax), privacy.userAgent),
    referer: cutText(referer, limits.link.refererCharactersMax),
  });
}

const addressCharactersMax = 64;

/** The hash of the security token, and all parameters that Keeptrack does not know. */
export function otherFields({ known, unknown }: Parameters): EventFields {
  const token = trimBlanks(known.get('security_token') ?? '');
  return presentFields({
    security_token_hash: token ? shortHash(hashOfToken(token)) : undefined,
    params: Object.keys(unknown).length > 0 ? unknown : undefined,
  });
}
