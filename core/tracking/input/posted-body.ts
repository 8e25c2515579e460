import { limits } from '../../limits/limits.ts';
import { encodeValue } from './percent.ts';

/** A posted body as a query string, so that the same rules and limits hold for both. */
export type PostedBody =
  | { readonly kind: 'query'; readonly query: string }
  | { readonly kind: 'rejected'; readonly status: 400 | 415; readonly reason: BodyFault; readonly sentence: string };

type BodyFault = 'body-type-unknown' | 'json-malformed' | 'json-no-object' | 'multipart-malformed';

/**
 * Reads a form, JSON or a multipart form. Senders often name no type, or the wrong default. So a body of the type form
 * or plain text, or without a type, is read as what it looks like. Never throws.
 */
export function readPostedBody(body: string, contentType: string): PostedBody {
  const text = body.replace(/^\ufeff/, '');
  if (text.trim() === '') return { kind: 'query', query: '' };
  const [type = ''] = contentType.toLowerCase().split(/[;,]/);
  switch (kindOf(type.trim(), text)) {
    case 'form':
      return { kind: 'query', query: text.trim() };
    case 'json':
      return readJson(text);
    case 'multipart':
      return readMultipart(text, contentType);
    case 'unknown':
      return { kind: 'rejected', status: 415, reason: 'body-type-unknown', sentence: unknownType };
  }
}

const unknownType =
  'The type of this body is not understood: send application/x-www-form-urlencoded, application/json or multipart/form-data.';

const jsonType = /^(?:application|text)\/(?:[\w.-]+\+)?json$/;

function kindOf(type: string, text: string): 'form' | 'json' | 'multipart' | 'unknown' {
  if (jsonType.test(type)) return 'json';
  if (type === 'multipart/form-data') return 'multipart';
  if (!['', 'text/plain', 'application/x-www-form-urlencoded'].includes(type)) return 'unknown';
  if (/^\s*[[{]/.test(text)) return 'json';
  return type === 'application/x-www-form-urlencoded' || /^\s*[^\s<>"]+=/.test(text) ? 'form' : 'unknown';
}

type Pair = readonly [name: string, value: string];

function queryOf(pairs: readonly Pair[]): PostedBody {
  const query = pairs.map(([name, value]) => `${encodeValue(name)}=${encodeValue(value)}`).join('&');
  return { kind: 'query', query };
}

/** Finds strings and numbers in valid JSON. Strings are matched so that digits inside them stay. */
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** Numbers are kept as text: as floats `49.90` would become 49.9, and a long id another id. */
function readJson(text: string): PostedBody {
  try {
    JSON.parse(text);
  } catch {
    return malformed('json-malformed', 'This body is no valid JSON.');
  }
  const value: unknown = JSON.parse(
    text.replace(stringOrNumber, (found) => (found.startsWith('"') ? found : `"${found}"`)),
  );
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return malformed(
      'json-no-object',
      'This JSON is no object: send one conversion a request, as an object of parameters.',
    );
  const pairs: Pair[] = [];
  for (const [name, inner] of Object.entries(value)) addJson(pairs, name, inner);
  return queryOf(pairs);
}

/**
 * Turns `{"order":{"amount":1},"tags":["a","b"]}` into `order[amount]=1&tags=a&tags=b`, as forms write it. Stops where
 * the limits for parameters will refuse the whole request anyway.
 */
function addJson(pairs: Pair[], name: string, value: unknown): void {
  const { parametersMax, parameterNameCharactersMax } = limits.link;
  if (pairs.length > parametersMax) return;
  if (typeof value !== 'object' || value === null || name.length > parameterNameCharactersMax) {
    pairs.push([name, textOf(value)]);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const isElement = Array.isArray(value) && (typeof inner !== 'object' || inner === null);
    addJson(pairs, isElement ? name : `${name}[${key}]`, inner);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'boolean' ? `${value}` : '';
}

const boundaryParameter = /;\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;,"]{1,70}))/i;
const nameParameter = /;\s*name\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i;

/** https://www.rfc-editor.org/rfc/rfc7578: each part is a parameter, including files. */
function readMultipart(text: string, contentType: string): PostedBody {
  const [, quoted, plain] = boundaryParameter.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined)
    return malformed('multipart-malformed', 'This multipart body has a content type that names no boundary.');
  const [, ...parts] = `\r\n${text}`.split(`\r\n--${boundary}`);
  const pairs = parts.slice(0, -1).map(readPart);
  const isWhole = parts.at(-1)?.startsWith('--') === true && pairs.every((pair) => pair !== undefined);
  return isWhole
    ? queryOf(pairs)
    : malformed('multipart-malformed', 'This multipart body is cut short, or a part of it has no name.');
}

function readPart(part: string): Pair | undefined {
  const headersEnd = part.indexOf('\r\n\r\n');
  const disposition = /^content-disposition:.*$/im.exec(part.slice(0, Math.max(0, headersEnd)))?.[0] ?? '';
  const [, quoted, plain] = nameParameter.exec(disposition) ?? [];
  const name = quoted?.replace(/\\(.)/g, '$1').replaceAll('%22', '"') ?? plain;
  return name === undefined ? undefined : [name, part.slice(headersEnd + 4)];
}

function malformed(reason: BodyFault, sentence: string): PostedBody {
  return { kind: 'rejected', status: 400, reason, sentence };
}
