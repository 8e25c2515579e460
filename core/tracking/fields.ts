import type { EventFields, JsonValue } from '../event.ts';
import { limits } from '../limits.ts';
import { keptAddress, keptUserAgent, type Privacy } from '../privacy.ts';
import { hashOfToken, shortHash } from '../security-token.ts';
import type { TrackRequest } from './decision.ts';
import type { Parameters } from './parameters.ts';
import { bounded } from './percent.ts';

/** Leaves out what is not there, so that a line is as short as its link. */
export function present(fields: Readonly<Record<string, JsonValue | undefined>>): EventFields {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, JsonValue] => field[1] !== undefined && field[1] !== ''),
  );
}

/** Those of the known parameters that have these names, as given. */
export function given({ known }: Parameters, names: ReadonlySet<string>): EventFields {
  return Object.fromEntries([...known].filter(([name, value]) => value !== '' && names.has(name)));
}

/** An id from a link, or nothing when it is none: whole numbers from 1 that fit 32 bits. */
export function parseId(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
  const id = Number(text);
  return id >= 1 && id <= 0xffff_ffff ? id : undefined;
}

/** A number under the parameter's name; text that is no id is kept apart, as `<name>_given`, so that columns keep their type. */
export function idFields({ known }: Parameters, names: readonly string[]): EventFields {
  const fields = names.map((name): [string, JsonValue | undefined] => {
    const text = known.get(name);
    const id = parseId(text);
    return id === undefined ? [`${name}_given`, text] : [name, id];
  });
  return present(Object.fromEntries(fields));
}

/** Who asked, as far as it is kept. */
export function visitorFields({ ip, userAgent, referer }: TrackRequest, privacy: Privacy): EventFields {
  return present({
    ip: keptAddress(bounded(ip, addressCharactersMax), privacy.clientAddress),
    user_agent: keptUserAgent(bounded(userAgent, limits.link.userAgentCharactersMax), privacy.userAgent),
    referer: bounded(referer, limits.link.refererCharactersMax),
  });
}

const addressCharactersMax = 64;

/** What we do not know, and what must not be written down as it came. */
export function otherFields({ known, unknown }: Parameters): EventFields {
  const token = known.get('security_token');
  return present({
    security_token_hash: token ? shortHash(hashOfToken(token)) : undefined,
    params: Object.keys(unknown).length > 0 ? unknown : undefined,
  });
}
