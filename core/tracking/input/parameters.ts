import { limits } from '../../limits/limits.ts';
import { isUnencoded, takesMoreParameters } from './link.ts';
import { parameterAliases, tokenName } from './parameter-names.ts';
import { cutText, decodeTolerantly } from './percent.ts';
import { isTokenName } from './secrets.ts';
import { trimBlanks } from './word.ts';

/** A link's parameters, each name decoded and each value decoded once. */
export interface Parameters {
  /** Known ones by their canonical name; of repeated ones the last that is not empty. */
  readonly known: ReadonlyMap<string, string>;
  /** All others, a list where one was repeated. */
  readonly unknown: Readonly<Record<string, string | readonly string[]>>;
}

export type ParsedParameters =
  /** `isCut`: they were more than our bounds allow, and these are what fits. */
  | { readonly kind: 'parameters'; readonly parameters: Parameters; readonly isCut: boolean }
  | {
      readonly kind: 'rejected';
      readonly reason: 'too-many-parameters' | 'parameter-name-too-long' | 'parameter-too-large';
    };

export const noParameters: Parameters = { known: new Map(), unknown: {} };

/**
 * Reads a query string the way it is written in the wild: any order, empty pairs, `&amp;`, raw braces, malformed
 * percent signs, an unencoded `url=`. Never throws. Values we know are cut to what a sub id holds, the deep link not.
 *
 * `excess` says what becomes of what is beyond our bounds: a visitor is not refused for what a link carries, so it is
 * cut; a server is told.
 */
export function parseParameters(
  query: string,
  names: ReadonlySet<string>,
  excess: 'cut' | 'refuse' = 'refuse',
): ParsedParameters {
  const pairs = query.replace(htmlAmpersands, '&').split('&').filter(Boolean);
  const tooMany = pairs.length > limits.link.parametersMax;
  if (tooMany && excess === 'refuse') return { kind: 'rejected', reason: 'too-many-parameters' };
  const parameters = joinUnencodedLinks(
    pairs.map((pair) => parsePair(pair, names)),
    names,
  ).map(decode);
  const tooLarge = parameters.find(isTooLarge);
  if (tooLarge && excess === 'refuse')
    return { kind: 'rejected', reason: isNameTooLong(tooLarge) ? 'parameter-name-too-long' : 'parameter-too-large' };
  const isCut = tooMany || tooLarge !== undefined;
  return { kind: 'parameters', parameters: sortOut(isCut ? cut(parameters, names) : parameters, names), isCut };
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

function parsePair(text: string, names: ReadonlySet<string>): Pair {
  const equals = text.indexOf('=');
  const rawName = equals < 0 ? text : text.slice(0, equals);
  return {
    text,
    name: canonicalName(decodeTolerantly(rawName), names),
    rawValue: equals < 0 ? '' : text.slice(equals + 1),
  };
}

/**
 * A token is one however its name is written: an unknown parameter would be written down in clear. So is what an
 * advertiser's server says: `Status=rejected` and `status[]=rejected` must not be overlooked. Links are read to the
 * letter, since `Source=` behind an unencoded deep link is the shop's.
 */
function canonicalName(name: string, names: ReadonlySet<string>): string {
  if (isTokenName(name)) return tokenName;
  const exact = parameterAliases.get(name) ?? name;
  if (names.has(exact) || names.has('url')) return exact;
  const meant = trimBlanks(name)
    .toLowerCase()
    .replace(/\[\d*\]$/, '');
  const known = parameterAliases.get(meant) ?? meant;
  return names.has(known) ? known : exact;
}

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
  return name === 'url' && names.has(name) && takesMoreParameters(rawValue);
}

/** A link that came unencoded is not decoded either: its `%26` would become an `&` of ours. */
function decode({ name, rawValue }: Pair): Parameter {
  const value = name === 'url' && isUnencoded(rawValue) ? rawValue : decodeTolerantly(rawValue);
  return { name, value };
}

function isTooLarge(parameter: Parameter): boolean {
  return isNameTooLong(parameter) || parameter.value.length > limits.link.parameterCharactersMax;
}

function isNameTooLong({ name }: Parameter): boolean {
  return name.length > limits.link.parameterNameCharactersMax;
}

/** Ours go first. A deep link is whole or is not there: half of one leads elsewhere. */
function cut(parameters: readonly Parameter[], names: ReadonlySet<string>): readonly Parameter[] {
  const { parametersMax, parameterNameCharactersMax, parameterCharactersMax } = limits.link;
  const isOurs = ({ name }: Parameter) => names.has(name);
  const ours = parameters.filter(isOurs).slice(-parametersMax);
  return [...ours, ...parameters.filter((parameter) => !isOurs(parameter))]
    .slice(0, parametersMax)
    .filter((parameter) => parameter.name !== 'url' || !isTooLarge(parameter))
    .map(({ name, value }) => ({
      name: name.slice(0, parameterNameCharactersMax),
      value: value.slice(0, parameterCharactersMax),
    }));
}

function sortOut(parameters: readonly Parameter[], names: ReadonlySet<string>): Parameters {
  const known = new Map<string, string>();
  const unknown = new Map<string, readonly string[]>();
  for (const { name, value } of parameters) {
    if (names.has(name)) {
      if (known.has(name) && trimBlanks(value) === '') continue;
      known.set(name, cutText(value, name === 'url' ? value.length : limits.link.subIdCharactersMax));
    } else unknown.set(cutText(name, name.length), [...(unknown.get(name) ?? []), cutText(value, value.length)]);
  }
  return { known, unknown: Object.fromEntries([...unknown].map(([name, values]) => [name, oneOrAll(values)])) };
}

function oneOrAll(values: readonly string[]): string | readonly string[] {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : values;
}
