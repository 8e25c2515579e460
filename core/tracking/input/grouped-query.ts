import { clickNames } from './parameter-names.ts';
import { canonicalName } from './parameters.ts';
import { decodeTolerantly } from './percent.ts';

/** The values of each parameter in their order. Names and values are as sent, not decoded. */
export type GroupedParameters = Readonly<Record<string, readonly string[]>>;

/**
 * A query with these parameters: known ones first, then `url`, then unknown ones. The order in which they were sent is
 * lost. An unencoded deep link such as `url=https://shop/?a=1&b=2` comes as `url` and `b`. In this order the link gets
 * `b` back (`joinUnencodedLinks` in parameters.ts). The link also gets unknown parameters that stood elsewhere, because
 * nobody can tell them apart. A shop does without `b` less easily than with a parameter too many.
 */
export function queryOfGroups(groups: GroupedParameters): string {
  const pairs: string[] = [];
  const links: string[] = [];
  const unknown: string[] = [];
  for (const [written, values] of Object.entries(groups)) {
    const name = written.replace(htmlEscapes, '');
    const known = canonicalName(decodeTolerantly(name), clickNames);
    const group = known === 'url' ? links : clickNames.has(known) ? pairs : unknown;
    for (const value of values) group.push(`${name}=${value}`);
  }
  return [...pairs, ...links, ...unknown].join('&');
}

/** What is left of `&amp;` where somebody splits at `&`. */
const htmlEscapes = /^(?:amp;)+/i;
