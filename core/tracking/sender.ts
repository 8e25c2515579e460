import type { Advertiser } from '../catalog/catalog.ts';
import { isSignature, postbackKeys } from '../keys/postback-key.ts';
import { isToken } from '../keys/security-token.ts';
import { limits } from '../limits/limits.ts';
import type { TrackContext, TrackRequest } from './decision.ts';
import { areNarrow, isWithin } from './input/ip-address.ts';
import type { Parameters } from './input/parameters.ts';
import { signedText } from './input/signed-text.ts';
import { trimBlanks } from './input/word.ts';

type SignatureFault =
  | 'signature-missing'
  | 'signature-wrong'
  | 'timestamp-missing'
  | 'timestamp-old'
  | 'timestamp-ahead';

/** Why a postback does not prove to come from the advertiser. */
export type SenderRefusal = 'security-token-missing' | 'security-token-wrong' | 'ip-not-allowed' | SignatureFault;

export interface CheckedSender {
  /** Absent when the postback has everything that the catalog asks of the advertiser. */
  readonly refusal?: SenderRefusal;
  /** Whether the catalog asks for a proof of the advertiser, and the postback has it. */
  readonly isProven: boolean;
  /** Whether the caller may learn what is wrong: a proof was right, or a signature is the problem. */
  readonly isTold: boolean;
}

/**
 * Checks the token, the signature and the address of a postback, as far as the catalog asks for them. The address is
 * that of the connection, never one from a parameter or a header.
 */
export function checkSender(
  { ip }: TrackRequest,
  parameters: Parameters,
  advertiser: Advertiser | undefined,
  context: TrackContext,
): CheckedSender {
  if (advertiser === undefined) return { isProven: false, isTold: false };
  const findings = [credentialFinding(parameters, advertiser, context), addressFinding(ip, advertiser)];
  const refusal = findings.find((finding) => finding !== undefined && finding !== 'right');
  const isRight = findings.includes('right');
  return {
    ...(refusal && { refusal }),
    isProven: isRight && refusal === undefined,
    isTold: isRight || (refusal !== undefined && /^(signature|timestamp)-/.test(refusal)),
  };
}

/** Undefined: the catalog does not ask, or the answer proves nothing. */
type Finding<Refusal extends SenderRefusal> = 'right' | Refusal | undefined;

/**
 * An advertiser with a token that also signs may use either: so it can go from one to the other without a pause. A
 * signature that is given must be right.
 */
function credentialFinding(
  parameters: Parameters,
  advertiser: Advertiser,
  context: TrackContext,
): Finding<SenderRefusal> {
  const { security_token_hash: hash, signed_postbacks: signs = false } = advertiser;
  const token = trimBlanks(parameters.known.get('security_token') ?? '');
  const isSigned = trimBlanks(parameters.known.get('signature') ?? '') !== '';
  if (signs && (isSigned || hash === undefined || token === ''))
    return signatureFault(parameters, advertiser, context) ?? 'right';
  if (hash === undefined) return undefined;
  if (token === '') return 'security-token-missing';
  return isToken(token, hash) ? 'right' : 'security-token-wrong';
}

/**
 * The time stamp bounds how long a postback that somebody has copied can be sent again. Within the window a repetition
 * does no harm: it has the same conversion key and says nothing new.
 */
function signatureFault(
  { known, written }: Parameters,
  { id, postback_keys: numbers }: Advertiser,
  { keys, nowMs }: TrackContext,
): SignatureFault | undefined {
  const signature = trimBlanks(known.get('signature') ?? '');
  if (signature === '') return 'signature-missing';
  const text = signedText(written);
  if (!postbackKeys(keys, id, numbers).some((key) => isSignature(signature, text, key))) return 'signature-wrong';
  const stamp = trimBlanks(known.get('timestamp') ?? '');
  if (!/^\d{1,15}$/.test(stamp)) return 'timestamp-missing';
  const ageSeconds = nowMs / 1_000 - Number(stamp);
  if (ageSeconds > limits.link.signatureSecondsMax) return 'timestamp-old';
  return ageSeconds < -limits.link.signatureAheadSecondsMax ? 'timestamp-ahead' : undefined;
}

/** An address in a very wide network proves nothing. */
function addressFinding(ip: string, { ip_whitelist: networks }: Advertiser): Finding<'ip-not-allowed'> {
  if (networks === undefined) return undefined;
  if (!isWithin(ip, networks)) return 'ip-not-allowed';
  return areNarrow(networks) ? 'right' : undefined;
}
