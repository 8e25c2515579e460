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

/** Leaves out what is not there, so that a line is as short as its link. */
export function presentFields(fields: Readonly<Record<string, JsonValue | undefined>>): EventFields {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, JsonValue] => field[1] !== undefined && field[1] !== ''),
  );
}

/** Whether a server asks, which reads JSON. */
export function wantsJson({ known }: Parameters): boolean {
  return wordOf(known.get('format') ?? '') === 'json';
}

/** Those of the known parameters that have these names, as given. */
export function namedFields({ known }: Parameters, names: ReadonlySet<string>): EventFields {
  return Object.fromEntries([...known].filter(([name, value]) => value !== '' && names.has(name)));
}

/** `text` where it differs from what was made of it: an event carries both then. */
export function ifDifferent(text: string | undefined, used: string): string | undefined {
  return text === used ? undefined : text;
}

/** Ids under their parameters' names as numbers. Text that is no id, or more than one, is kept beside it as `<name>_given`. */
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

/** The deep link that was meant and, where it differs, as it was given. */
export function linkFields({ known }: Parameters): EventFields {
  const link = known.get('url') ?? '';
  const url = normalLink(link);
  return presentFields({ url, url_given: url === link ? undefined : link });
}

/** Who asked, as far as it is kept. */
export function visitorFields({ ip, userAgent, referer }: TrackRequest, privacy: Privacy): EventFields {
  return presentFields({
    ip: keptAddress(cutText(ip, addressCharactersMax), privacy.clientAddress),
    user_agent: keptUserAgent(cutText(userAgent, limits.link.userAgentCharactersMax), privacy.userAgent),
    referer: cutText(referer, limits.link.refererCharactersMax),
  });
}

const addressCharactersMax = 64;

/** What we do not know, and what must not be written down as it came. */
export function otherFields({ known, unknown }: Parameters): EventFields {
  const token = trimBlanks(known.get('security_token') ?? '');
  return presentFields({
    security_token_hash: token ? shortHash(hashOfToken(token)) : undefined,
    params: Object.keys(unknown).length > 0 ? unknown : undefined,
  });
}
