import { compareTexts } from '../../event/event.ts';
import { limits } from '../../limits/limits.ts';
import { isUnencoded, takesMoreParameters } from './link.ts';
import { parameterAliases, tokenName } from './parameter-names.ts';
import { cutText, decodeTolerantly } from './percent.ts';
import { isTokenName } from './secrets.ts';
import { trimBlanks } from './word.ts';

/** A link's parameters. Names and values are decoded once. */
export interface Parameters {
  /** Known parameters by their usual name. Of a repeated one the last value that is not empty. */
  readonly known: ReadonlyMap<string, string>;
  /** All other parameters. A repeated one has a list of values. */
  readonly unknown: Readonly<Record<string, string | readonly string[]>>;
  /** As sent: the query, and the posted body behind it as a query. */
  readonly written: string;
}

export type ParsedParameters =
  /** `isCut`: the link exceeded a limit, and parts of it were cut. */
  | { readonly kind: 'parameters'; readonly parameters: Parameters; readonly isCut: boolean }
  | {
      readonly kind: 'rejected';
      readonly reason: 'too-many-parameters' | 'parameter-name-too-long' | 'parameter-too-large';
    };

export const noParameters: Parameters = { known: new Map(), unknown: {}, written: '' };

/**
 * Reads a query string as people write it: in any order, with empty pairs, `&amp;`, raw braces, malformed percent signs
 * or an unencoded `url=`. Never throws. Known values are cut to the length of a sub id, except the deep link.
 *
 * `excess` says what happens beyond the limits. A visitor cannot help what a link contains, so visitors' links are cut.
 * A server gets an error.
 */
export function parseParameters(
  query: string,
  names: ReadonlySet<string>,
  excess: 'cut' | 'refuse' = 'refuse',
): ParsedParameters {
  const pairs = pairsOf(query);
  const tooMany = pairs.length > limits.link.parametersMax;
  if (tooMany && excess === 'refuse') return { kind: 'rejected', reason: 'too-many-parameters' };
  const parameters = joinUnencodedLinks(
    (names.has('url') ? pairs : sortedByName(pairs)).map((pair) => parsePair(pair, names)),
    names,
  ).map(decode);
  const tooLarge = parameters.find(isTooLarge);
  if (tooLarge && excess === 'refuse')
    return { kind: 'rejected', reason: isNameTooLong(tooLarge) ? 'parameter-name-too-long' : 'parameter-too-large' };
  const isCut = tooMany || tooLarge !== undefined;
  const sorted = sortOut(isCut ? cut(parameters, names) : parameters, names);
  return { kind: 'parameters', parameters: { ...sorted, written: query }, isCut };
}

/** The parts of a query between its ampersands, without those that say nothing. */
export function pairsOf(query: string): readonly string[] {
  return query
    .replace(htmlAmpersands, '&')
    .split('&')
    .filter((pair) => pair !== '' && pair !== '=');
}

/**
 * In the order of the decoded names. Postbacks are signed and read in this order. So somebody who saw a signed postback
 * cannot turn `Amount=1&amount=2` around and let the other one count.
 */
export function sortedByName(pairs: readonly string[]): readonly string[] {
  const named = pairs.map((pair) => [decodeTolerantly(pair.replace(/=.*/s, '')), pair] as const);
  return named.toSorted(([one], [other]) => compareTexts(one, other)).map(([, pair]) => pair);
}

/** Careless templates escape a link for HTML, sometimes twice. */
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
 * The usual name of a parameter. A security token is recognised in any spelling, because unknown parameters are logged
 * as they are. Postbacks may write other names differently too: `Status=rejected` or `status[]=rejected`. Links of
 * visitors must use the exact name, because `Source=` behind an unencoded deep link belongs to the shop.
 */
export function canonicalName(name: string, names: ReadonlySet<string>): string {
  if (isTokenName(name)) return tokenName;
  const exact = parameterAliases.get(name) ?? name;
  if (names.has(exact) || names.has('url')) return exact;
  const meant = trimBlanks(name)
    .toLowerCase()
    .replace(/\[\d*\]$/, '');
  const known = parameterAliases.get(meant) ?? meant;
  return names.has(known) ? known : exact;
}

/** `url=https://shop/?a=b&c=d`: all parameters up to the next known one belong to the deep link. */
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

/** An unencoded deep link is not decoded, because its `%26` would become an `&`. */
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

/**
 * Cuts to the limits. Known parameters come first. A deep link that is too long goes, because half of it leads
 * elsewhere.
 */
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

function sortOut(parameters: readonly Parameter[], names: ReadonlySet<string>): Omit<Parameters, 'written'> {
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
