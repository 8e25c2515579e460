import { conversionNames, signatureName } from './parameter-names.ts';
import { canonicalName, pairsOf, sortedByName } from './parameters.ts';
import { decodeTolerantly, encodeValue } from './percent.ts';

/**
 * The text that the signature of a postback covers: all parameters but the signature, sorted by decoded name, each
 * as `name=value` with both percent-encoded as in RFC 3986, joined by `&`. It depends on the decoded parameters alone,
 * because libraries and proxies encode one query in several ways. The order across names says nothing, and a load
 * balancer loses it. Repeated parameters keep their order, because the last of them counts.
 *
 * `written`: the query, and the posted body behind it.
 */
export function signedText(written: string): string {
  const pairs = sortedByName(pairsOf(written)).map((pair) => {
    const equals = pair.indexOf('=');
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    return [decodeTolerantly(name), decodeTolerantly(value)] as const;
  });
  return pairs
    .filter(([name]) => canonicalName(name, conversionNames) !== signatureName)
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .join('&');
}

/** `encodeURIComponent` leaves five characters that RFC 3986 reserves. */
function encoded(text: string): string {
  return encodeValue(text).replace(/[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
}
