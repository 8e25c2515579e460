import type { Advertiser } from '../../catalog/catalog.ts';
import { wordOf } from './word.ts';

const statuses = ['approved', 'pending', 'rejected'] as const;

/** `unknown`: a word that neither this advertiser nor other systems use. */
export type PostedStatus = (typeof statuses)[number] | 'unknown';

/**
 * The words of other tracking systems. Digits are missing on purpose: a 2 means pending at Affise and rejected at
 * Ingenious. An advertiser that sends digits explains them in the catalog (`status_words`).
 */
const usualWords: ReadonlyMap<string, PostedStatus> = new Map([
  ...each('approved', ['approved', 'approve', 'confirmed', 'confirm', 'accepted', 'sale', 'rebill', 'locked']),
  ...each('pending', ['pending', 'hold', 'on-hold', 'onhold', 'wait', 'waiting', 'new', 'lead']),
  ...each('rejected', ['rejected', 'reject', 'declined', 'decline', 'denied', 'canceled', 'cancelled', 'cancel']),
  ...each('rejected', ['reversed', 'refunded', 'refund', 'returned', 'chargeback', 'voided', 'void', 'invalid']),
  ...each('rejected', ['trash', 'fraud', 'blocked', 'not-allowed']),
]);

function each(status: PostedStatus, words: readonly string[]): readonly (readonly [string, PostedStatus])[] {
  return words.map((word) => [word, status]);
}

/** Undefined when nothing was posted. The advertiser's own words come before the usual ones. */
export function readStatus(text: string, advertiser: Advertiser | undefined): PostedStatus | undefined {
  const word = wordOf(text);
  if (word === '') return undefined;
  const own = advertiser?.status_words;
  const named = own && statuses.find((status) => own[status]?.some((one) => wordOf(one) === word));
  return named ?? usualWords.get(word) ?? 'unknown';
}
