import type { EventFields, JsonValue } from '../../event/event.ts';
import { decodeTolerantly } from './percent.ts';

/**
 * Advertisers prove who they are with a `security_token`. Logs contain a part of its hash and never the token itself,
 * however its sender spells, nests or encodes it, and wherever it is in a request.
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

/** Replaces everything behind a token's name by `redacted`, because nobody can say where the token ends. */
export function withoutTokens(text: string): string {
  if (!suspicious.test(text)) return text;
  const cut = cutBehindName(text);
  const decoded = decodeFully(cut);
  if (stillEncoded.test(decoded)) return 'redacted';
  const cutDecoded = cutBehindName(decoded);
  return cutDecoded === decoded ? cut : cutDecoded;
}

/** The text is encoded more often than happens by mistake. */
const stillEncoded = /%25/i;
const suspicious = /security|%[0-9a-f]{2}/i;
const nameOfToken = /security[^a-z]{0,8}token/i;

/**
 * Anything may join the name and the token: XML, a serialisation, a comma. A bare name stays. AWS's message "The
 * security token included in the request is expired" stays too, because names of parameters have no blank.
 */
function cutBehindName(text: string): string {
  const found = /security[^a-z ]{0,8}token/i.exec(text) ?? /security token[^a-z=:>&]{0,8}(?=[=:>])/i.exec(text);
  if (found === null) return text;
  const end = found.index + found[0].length;
  return /[a-z0-9]/i.test(text.slice(end)) ? `${text.slice(0, end)}=redacted` : text;
}

/** The fields without tokens in any text. `reason` stays: it is Keeptrack's word and may be `security-token-wrong`. */
export function fieldsWithoutTokens(fields: EventFields): EventFields {
  const cleaned: Record<string, JsonValue> = {};
  let hasChanged = false;
  for (const [name, value] of Object.entries(fields)) {
    const clean = name === 'reason' ? value : valueWithoutTokens(value);
    if (clean === value) continue;
    cleaned[name] = clean;
    hasChanged = true;
  }
  return hasChanged ? { ...fields, ...cleaned } : fields;
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

/** `auth[0][name]=security_token` means that a parameter beside it, such as `auth[0][value]`, is a token. */
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
