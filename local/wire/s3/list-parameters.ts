import { pageKeysMax } from '../../model/bucket-listing.ts';
import { invalidArgument, type ReadOrFailed } from './s3-request.ts';
import { group, tag } from './xml.ts';

/** The parameters that both listings share. */
export interface ListParameters {
  readonly prefix: string;
  readonly delimiter: string;
  readonly keysMax: number;
  readonly encodingType: string | undefined;
  /** Encodes a key or a prefix as the client asked. */
  readonly encode: (text: string) => string;
}

export function readListParameters(query: URLSearchParams): ReadOrFailed<ListParameters> {
  const encodingType = query.get('encoding-type') ?? undefined;
  if (encodingType !== undefined && encodingType !== 'url') {
    return invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encodingType);
  }
  const asked = query.get('max-keys') ?? String(pageKeysMax);
  if (!/^\d{1,10}$/.test(asked) || Number(asked) > 2_147_483_647) {
    return invalidArgument('Argument max-keys must be an integer between 0 and 2147483647', 'max-keys', asked);
  }
  const value: ListParameters = {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    keysMax: Math.min(Number(asked), pageKeysMax),
    encodingType,
    encode: encodingType === 'url' ? encodeKey : (text) => text,
  };
  return { kind: 'ok', value };
}

/** Form encoding, except that slashes stay: a space becomes a plus. */
function encodeKey(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+');
}

export function parameterTags({ prefix, delimiter, keysMax, encodingType, encode }: ListParameters): string[] {
  return [
    tag('Prefix', encode(prefix)),
    tag('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    tag('MaxKeys', keysMax),
    tag('EncodingType', encodingType),
  ];
}

export function commonPrefixTags(prefixes: readonly string[], { encode }: ListParameters): string[] {
  return prefixes.map((prefix) => group('CommonPrefixes', [tag('Prefix', encode(prefix))]));
}

export const ownerTag = group('Owner', [tag('ID', 'local'), tag('DisplayName', 'local')]);
