import type { EventFields, JsonValue } from '../../event/event.ts';
import { decodeTolerantly } from './percent.ts';

/**
 * Advertisers prove themselves with a `security_token`. A log keeps a part of its hash and never the token, however its
 * sender spells, nests or encodes it, and wherever it stands.
 */

/** `security_token`, `Security-Token`, `securityToken[]`, `auth[security_token]`, also encoded several times. */
export function isTokenName(name: string): boolean {
  if (name.length < shortestName) return false;
  const letters = decodeFully(name)
    .replace(/\[\d*\]$/, '')
    .replace(/[^a-z0-9]/gi, '');
  return letters.toLowerCase().endsWith('securitytoken');
}

const shortestName = 'securitytoken'.length;

/** Replaces all behind a token's name by `redacted`: nobody can tell where a token ends, or how often it was encoded. */
export function withoutTokens(text: string): string {
  if (!suspicious.test(text)) return text;
  const cut = cutBehindName(text);
  const decoded = decodeFully(cut);
  if (stillEncoded.test(decoded)) return 'redacted';
  const cutDecoded = cutBehindName(decoded);
  return cutDecoded === decoded ? cut : cutDecoded;
}

/** Encoded more often than anybody does by mistake. */
const stillEncoded = /%25/i;
const suspicious = /security|%[0-9a-f]{2}/i;
const nameOfToken = /security[^a-z]{0,8}token/i;

/**
 * Whatever joins the name and the token: XML, a serialisation, a comma. A bare name stays as it is, and so does AWS's
 * `The security token included in the request is expired`: names of parameters have no blank.
 */
function cutBehindName(text: string): string {
  const found = /security[^a-z ]{0,8}token/i.exec(text) ?? /security token[^a-z=:>&]{0,8}(?=[=:>])/i.exec(text);
  if (found === null) return text;
  const end = found.index + found[0].length;
  return /[a-z0-9]/i.test(text.slice(end)) ? `${text.slice(0, end)}=redacted` : text;
}

/** The same fields, without tokens in any text of theirs. `reason` is our own word, and may be `security-token-wrong`. */
export function fieldsWithoutTokens(fields: EventFields): EventFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, name === 'reason' ? value : valueWithoutTokens(value)]),
  );
}

function valueWithoutTokens(value: JsonValue): JsonValue {
  if (typeof value === 'string') return withoutTokens(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(valueWithoutTokens);
  const named = groupsThatNameAToken(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      withoutTokens(name),
      nameOfToken.test(decodeFully(name)) || named.has(groupOf(name)) ? 'redacted' : valueWithoutTokens(inner),
    ]),
  );
}

/** `auth[0][name]=security_token` says that a token stands in a parameter beside it, such as `auth[0][value]`. */
function groupsThatNameAToken(fields: EventFields): ReadonlySet<string> {
  const naming = Object.entries(fields).filter(([name, value]) => name.includes('[') && bareName.test(String(value)));
  return new Set(naming.map(([name]) => groupOf(name)));
}

const bareName = /^[^a-z0-9]*security[^a-z]{0,8}token[^a-z0-9]*$/i;

function groupOf(name: string): string {
  const bracket = name.lastIndexOf('[');
  return bracket > 0 ? name.slice(0, bracket) : `the field ${name}`;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

const layersMax = 6;

function decodeFully(text: string): string {
  let decoded = text;
  for (let layer = 0; layer < layersMax && decoded.includes('%'); layer++) decoded = decodeTolerantly(decoded);
  return decoded;
}
