import type { VerifiedTransaction } from '../event/transaction-id.ts';
import { limits } from '../limits/limits.ts';
import type { ConvertedGoal } from './goal.ts';
import type { PostedConversion } from './posted.ts';
import type { SenderRefusal } from './sender.ts';
import type { MoneyWait } from './terms.ts';

type Rejection =
  | 'transaction-missing'
  | 'transaction-foreign'
  | 'transaction-tampered'
  | SenderRefusal
  | 'click-not-credited'
  | 'rejected-by-advertiser';

/** Why a conversion waits for a person; on the event as `pending_for`. */
type Wait =
  | 'offer-unknown'
  | 'robot-click'
  | 'click-too-old'
  | 'pending-by-advertiser'
  | 'status-unknown'
  | 'goal-unknown'
  | 'test-unclear'
  | MoneyWait
  | 'approval';

/** The conversion index knows the earlier reports of a conversion only so long after its click. */
const clickAgeMsMax = limits.figures.clickAgeDaysMax * 86_400_000;

export type ConversionOutcome =
  | { readonly status: 'approved' }
  | { readonly status: 'pending'; readonly wait: Wait }
  | { readonly status: 'rejected'; readonly reason: Rejection };

/** Everything that decides whether a conversion counts. */
export interface ConversionFacts {
  /** When the conversion came, ms since the epoch. */
  readonly nowMs: number;
  /** As given, without blanks around it. Empty when there is none. */
  readonly transactionId: string;
  readonly verified: VerifiedTransaction;
  readonly converted: ConvertedGoal;
  readonly posted: PostedConversion;
  readonly senderRefusal: SenderRefusal | undefined;
  readonly moneyWait: MoneyWait | undefined;
}

/**
 * Whether a conversion counts. Reasons to reject it come first. A conversion with anything unclear is neither paid nor
 * rejected: a person decides. The same holds when the catalog does not know the offer, because an outdated catalog must
 * not cost an affiliate a sale.
 */
export function conversionOutcome(judged: ConversionFacts): ConversionOutcome {
  const { transactionId, verified, posted, senderRefusal } = judged;
  if (transactionId === '') return rejected('transaction-missing');
  if (verified.kind !== 'valid') return rejected(`transaction-${verified.kind}`);
  if (senderRefusal) return rejected(senderRefusal);
  if (verified.affiliateId === 0) return rejected('click-not-credited');
  if (posted.status === 'rejected') return rejected('rejected-by-advertiser');
  const wait = waitOf(judged);
  return wait ? { status: 'pending', wait } : { status: 'approved' };
}

/** The first reason to wait, if any. */
function waitOf({
  nowMs,
  verified,
  converted: { offer, goal, goalId },
  posted,
  moneyWait,
}: ConversionFacts): Wait | undefined {
  if (offer === undefined) return 'offer-unknown';
  if (verified.kind === 'valid' && verified.byRobot) return 'robot-click';
  if (verified.kind === 'valid' && nowMs - verified.clickedAtMs > clickAgeMsMax) return 'click-too-old';
  if (posted.status === 'pending') return 'pending-by-advertiser';
  if (posted.status === 'unknown') return 'status-unknown';
  if (goalId === undefined) return 'goal-unknown';
  if (posted.test === 'unclear') return 'test-unclear';
  if (moneyWait) return moneyWait;
  return (goal?.approve_conversions ?? offer.approve_conversions) ? 'approval' : undefined;
}

function rejected(reason: Rejection): ConversionOutcome {
  return { status: 'rejected', reason };
}
