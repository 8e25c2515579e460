import type { Catalog } from '../catalog/catalog.ts';
import { hashOfToken } from '../keys/security-token.ts';
import type { ConversionOutcome, Rejection, Wait } from './conversion-outcome.ts';
import type { Reply } from './decision.ts';
import { wantsJson } from './fields.ts';
import type { Parameters } from './input/parameters.ts';
import { encodeValue } from './input/percent.ts';
import { trimBlanks } from './input/word.ts';
import { jsonReply, textReply } from './replies.ts';
import type { CheckedSender } from './sender.ts';

/**
 * What the sender of a conversion reads, with status 200 as at TUNE. Senders compare the body with a fixed text. Only a
 * sender who has proved who it is learns what was wrong. All others get the same answer whatever was wrong, so nobody
 * finds ids or tokens by guessing.
 *
 * What waits for a person was recorded, so its text is that of a success. A sender who asked for JSON also reads
 * `pending_for`, where a better postback would help.
 */
export function conversionReply(
  parameters: Parameters,
  outcome: ConversionOutcome,
  sender: CheckedSender,
  { transactionId, catalog }: { readonly transactionId: string; readonly catalog: Catalog },
): Reply {
  const isTold = sender.isTold || (isUnattributed(outcome) && hasSomeToken(parameters, catalog));
  const error = isTold ? errorOf(outcome, sender, transactionId) : undefined;
  if (!wantsJson(parameters))
    return textReply(200, error === undefined ? 'success=true;' : `success=false; err_msg=${error};`);
  if (error !== undefined) return jsonReply(200, { success: false, error });
  const isMended = isTold && outcome.status === 'pending' && isMendable(outcome.wait);
  return jsonReply(200, { success: true, ...(isMended && { pending_for: outcome.wait }) });
}

/** Such an id names no advertiser, so the token of any advertiser shows that a known sender asks. */
function isUnattributed(outcome: ConversionOutcome): boolean {
  return outcome.status === 'rejected' && outcome.reason.startsWith('transaction-');
}

function hasSomeToken({ known }: Parameters, catalog: Catalog): boolean {
  const token = trimBlanks(known.get('security_token') ?? '');
  return token !== '' && tokenHashesOf(catalog).has(hashOfToken(token));
}

/** Made when first needed, and kept as long as its catalog. */
const tokenHashes = new WeakMap<Catalog, ReadonlySet<string>>();

function tokenHashesOf(catalog: Catalog): ReadonlySet<string> {
  const known = tokenHashes.get(catalog);
  if (known) return known;
  const hashes = [...catalog.advertisers.values()].flatMap(({ security_token_hash: hash }) => hash ?? []);
  const made = new Set(hashes);
  tokenHashes.set(catalog, made);
  return made;
}

/** Undefined when the postback did what its sender wanted. */
function errorOf(outcome: ConversionOutcome, sender: CheckedSender, transactionId: string): string | undefined {
  if (outcome.status !== 'rejected' || outcome.reason === 'rejected-by-advertiser') return undefined;
  const reason = (sender.isTold && sender.refusal) || outcome.reason;
  return isOfTransaction(reason) ? `Invalid Trans. ID #${echoed(transactionId)}.` : errorTexts[reason];
}

type TransactionFault = Extract<Rejection, `transaction-${string}`>;

function isOfTransaction(reason: Rejection): reason is TransactionFault {
  return reason.startsWith('transaction-');
}

const echoedCharactersMax = 40;

/** Without the characters that end a message or a line. */
function echoed(transactionId: string): string {
  return encodeValue(transactionId.slice(0, echoedCharactersMax));
}

/** TUNE documents the text for a wrong transaction id alone. These are written in the same way. */
const errorTexts: Readonly<Record<Exclude<Rejection, TransactionFault | 'rejected-by-advertiser'>, string>> = {
  'security-token-missing': 'Missing security_token.',
  'security-token-wrong': 'Wrong security_token.',
  'ip-not-allowed': 'IP address is not listed.',
  'signature-missing': 'Missing signature.',
  'signature-wrong': 'Wrong signature.',
  'timestamp-missing': 'Missing timestamp: send Unix seconds, and sign them.',
  'timestamp-old': 'Old timestamp: sign each attempt anew.',
  'timestamp-ahead': 'Timestamp is ahead: send Unix seconds by a right clock.',
  'click-not-credited': 'Click is credited to no affiliate.',
  'click-expired': 'Click is older than the session of its offer.',
  'too-soon': 'Conversion came too soon after its click.',
};

/** Whether a better postback can end the wait. */
function isMendable(wait: Wait): boolean {
  return /^(?:status-unknown|goal-unknown|test-unclear|(?:amount|payout|revenue)-.*)$/.test(wait);
}
