import type { EventFields, JsonValue } from '../event.ts';
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
  const cutDecoded = cutBehindName(decoded);
  return cutDecoded === decoded ? cut : cutDecoded;
}

const suspicious = /security|%[0-9a-f]{2}/i;
const nameOfToken = /security[^a-z]{0,8}token/i;
const namedToken = /security[^a-z]{0,8}token[\w.[\]-]{0,20}[^a-z=:>&]{0,8}[=:>]/i;

function cutBehindName(text: string): string {
  const found = namedToken.exec(text);
  return found === null ? text : `${text.slice(0, found.index + found[0].length)}redacted`;
}

/** The same fields, without tokens in any text of theirs. */
export function fieldsWithoutTokens(fields: EventFields): EventFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, valueWithoutTokens(value)]));
}

function valueWithoutTokens(value: JsonValue): JsonValue {
  if (typeof value === 'string') return withoutTokens(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(valueWithoutTokens);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      withoutTokens(name),
      nameOfToken.test(decodeFully(name)) ? 'redacted' : valueWithoutTokens(inner),
    ]),
  );
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
