import { limits } from '../limits.ts';
import { aliases } from './parameter-names.ts';
import { bounded, decodeTolerantly } from './percent.ts';

/** A link's parameters, each name decoded and each value decoded once. */
export interface Parameters {
  /** Known ones by their canonical name; of repeated ones the last. */
  readonly known: ReadonlyMap<string, string>;
  /** All others, a list where one was repeated. */
  readonly unknown: Readonly<Record<string, string | readonly string[]>>;
}

export type ParsedParameters =
  | { readonly kind: 'parameters'; readonly parameters: Parameters }
  | { readonly kind: 'rejected'; readonly reason: 'too-many-parameters' | 'parameter-too-large' };

export const noParameters: Parameters = { known: new Map(), unknown: {} };

/**
 * Reads a query string the way it is written in the wild: any order, empty pairs, `&amp;`, raw braces, malformed
 * percent signs, an unencoded `url=`. Never throws. Values we know are cut to what a sub id holds, the deep link not.
 */
export function parseParameters(query: string, names: ReadonlySet<string>): ParsedParameters {
  const pairs = query.replace(htmlAmpersands, '&').split('&').filter(Boolean);
  if (pairs.length > limits.link.parametersMax) return { kind: 'rejected', reason: 'too-many-parameters' };
  const parameters = joinUnencodedLinks(pairs.map(parsePair), names).map(decode);
  if (parameters.some(isTooLarge)) return { kind: 'rejected', reason: 'parameter-too-large' };
  return { kind: 'parameters', parameters: sortOut(parameters, names) };
}

/** A careless template escaped the link for HTML, perhaps twice. */
const htmlAmpersands = /&(?:amp;)+/gi;

interface Pair {
  readonly text: string;
  readonly name: string;
  readonly rawValue: string;
}

interface Parameter {
  readonly name: string;
  readonly value: string;
}

function parsePair(text: string): Pair {
  const equals = text.indexOf('=');
  const rawName = equals < 0 ? text : text.slice(0, equals);
  const name = decodeTolerantly(rawName);
  return { text, name: aliases.get(name) ?? name, rawValue: equals < 0 ? '' : text.slice(equals + 1) };
}

const unencodedLink = /^https?:\/\//i;

/** `url=https://shop/?a=b&c=d`: what follows belongs to the deep link until a name of ours comes. */
function joinUnencodedLinks(pairs: readonly Pair[], names: ReadonlySet<string>): Pair[] {
  const joined: Pair[] = [];
  for (const pair of pairs) {
    const previous = joined.at(-1);
    if (previous !== undefined && isOpenLink(previous, names) && !names.has(pair.name)) {
      joined[joined.length - 1] = { ...previous, rawValue: `${previous.rawValue}&${pair.text}` };
    } else {
      joined.push(pair);
    }
  }
  return joined;
}

function isOpenLink({ name, rawValue }: Pair, names: ReadonlySet<string>): boolean {
  return name === 'url' && names.has(name) && unencodedLink.test(rawValue) && rawValue.includes('?');
}

/** A link that came unencoded is not decoded either: its `%26` would become an `&` of ours. */
function decode({ name, rawValue }: Pair): Parameter {
  const value = name === 'url' && unencodedLink.test(rawValue) ? rawValue : decodeTolerantly(rawValue);
  return { name, value };
}

function isTooLarge({ name, value }: Parameter): boolean {
  return name.length > limits.link.parameterNameCharactersMax || value.length > limits.link.parameterCharactersMax;
}

function sortOut(parameters: readonly Parameter[], names: ReadonlySet<string>): Parameters {
  const known = new Map<string, string>();
  const unknown = new Map<string, readonly string[]>();
  for (const { name, value } of parameters) {
    if (names.has(name))
      known.set(name, bounded(value, name === 'url' ? value.length : limits.link.subIdCharactersMax));
    else unknown.set(bounded(name, name.length), [...(unknown.get(name) ?? []), bounded(value, value.length)]);
  }
  return { known, unknown: Object.fromEntries([...unknown].map(([name, values]) => [name, oneOrAll(values)])) };
}

function oneOrAll(values: readonly string[]): string | readonly string[] {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : values;
}
