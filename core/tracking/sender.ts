import type { Advertiser } from '../catalog/catalog.ts';
import { isToken } from '../keys/security-token.ts';
import type { TrackRequest } from './decision.ts';
import { isWithin } from './input/ip-address.ts';
import type { Parameters } from './input/parameters.ts';
import { trimBlanks } from './input/word.ts';

/** Why a postback does not prove to come from the advertiser. */
export type SenderRefusal = 'security-token-missing' | 'security-token-wrong' | 'ip-not-allowed';

/**
 * Checks the token and the address of a postback, as far as the catalog has them for the advertiser. The address is
 * that of the connection, never one from a parameter or a header.
 */
export function senderRefusal(
  { ip }: TrackRequest,
  { known }: Parameters,
  advertiser: Advertiser | undefined,
): SenderRefusal | undefined {
  const { security_token_hash: hash, ip_whitelist: networks } = advertiser ?? {};
  if (hash !== undefined) {
    const token = trimBlanks(known.get('security_token') ?? '');
    if (!token) return 'security-token-missing';
    if (!isToken(token, hash)) return 'security-token-wrong';
  }
  return networks === undefined || isWithin(ip, networks) ? undefined : 'ip-not-allowed';
}
