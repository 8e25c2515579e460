import type { VerifiedTransaction } from '../event/transaction-id.ts';
import { limits } from '../limits/limits.ts';
import type { ConvertedGoal } from './goal.ts';
import type { PostedConversion } from './posted.ts';
import type { CheckedSender, SenderRefusal } from './sender.ts';
import type { MoneyWait } from './terms.ts';

/** Why a conversion does not count; on the event as `reason`. */
export type Rejection =
  | 'transaction-missing'
  | 'transaction-foreign'
  | 'transaction-tampered'
  | SenderRefusal
  | 'click-not-credited'
  | 'too-soon'
  | 'click-expired'
  | 'rejected-by-advertiser';

/** Why a conversion waits for a person; on the event as `pending_for`. */
export type Wait =
  | 'offer-unknown'
  | 'robot-click'
  | 'click-too-old'
  | 'pending-by-advertiser'
  | 'status-unknown'
  | 'goal-unknown'
  | 'test-unclear'
  | 'approval'
  | MoneyWait;

/** The conversion index knows the earlier reports of a conversion only so long after its click. */
const clickAgeMsMax = limits.figures.clickAgeDaysMax * 86_400_000;

export type ConversionOutcome =
  | { readonly status: 'approved' }
  | { readonly status: 'pending'; readonly wait: Wait }
  /** `wait`: what a report after the end of the session would wait for if it goes on with an earlier one. */
  | { readonly status: 'rejected'; readonly reason: Rejection; readonly wait?: Wait };

/** Everything that decides whether a conversion counts. */
export interface ConversionFacts {
  /** When the conversion came, ms since the epoch. */
  readonly nowMs: number;
  /** As given, without blanks around it. Empty when there is none. */
  readonly transactionId: string;
  readonly verified: VerifiedTransaction;
  readonly converted: ConvertedGoal;
  readonly posted: PostedConversion;
  readonly sender: CheckedSender;
  readonly moneyWait: MoneyWait | undefined;
}

/**
 * Whether a conversion counts. Reasons to reject it come first. A conversion with anything unclear is neither paid nor
 * rejected: a person decides. The same holds when the catalog does not know the offer, because an outdated catalog must
 * not cost an affiliate a sale.
 */
export function conversionOutcome(judged: ConversionFacts): ConversionOutcome {
  const { transactionId, verified, posted, sender } = judged;
  if (transactionId === '') return rejected('transaction-missing');
  if (verified.kind !== 'valid') return rejected(`transaction-${verified.kind}`);
  if (sender.refusal) return rejected(sender.refusal);
  if (verified.affiliateId === 0) return rejected('click-not-credited');
  const clickAgeMs = judged.nowMs - verified.clickedAtMs;
  if (posted.status === 'rejected') return advertisersRejection(clickAgeMs, sender);
  const wait = waitOf(judged, verified, clickAgeMs);
  const fault = sessionFault(judged.converted, clickAgeMs);
  if (fault) return { ...rejected(fault), ...(fault === 'click-expired' && wait && { wait }) };
  return wait ? { status: 'pending', wait } : { status: 'approved' };
}

/**
 * The session does not matter: a refund comes weeks later. But the conversion index has forgotten what came before of
 * so old a click. A rejection would then stand as the first report, beside the approval that it takes back and that
 * stays due. So a proven one waits for a person. One without proof changes nothing and can be recorded as it is.
 */
function advertisersRejection(clickAgeMs: number, { isProven }: CheckedSender): ConversionOutcome {
  if (isProven && clickAgeMs > clickAgeMsMax) return { status: 'pending', wait: 'click-too-old' };
  return rejected('rejected-by-advertiser');
}

type ValidTransaction = Extract<VerifiedTransaction, { kind: 'valid' }>;

/** The first reason to wait, if any. */
function waitOf(
  { converted: { offer, goal, goalId }, posted, moneyWait }: ConversionFacts,
  { byRobot }: ValidTransaction,
  clickAgeMs: number,
): Wait | undefined {
  if (offer === undefined) return 'offer-unknown';
  if (byRobot) return 'robot-click';
  if (clickAgeMs > clickAgeMsMax) return 'click-too-old';
  if (posted.status === 'pending') return 'pending-by-advertiser';
  if (posted.status === 'unknown') return 'status-unknown';
  if (goalId === undefined) return 'goal-unknown';
  if (posted.test === 'unclear') return 'test-unclear';
  if (goal?.approve_conversions ?? offer.approve_conversions) return 'approval';
  // Last, because a later report can bring the amount: nothing else may wait then.
  return moneyWait;
}

/** Goals too are counted from the click. The id of a click has its whole second only. */
function sessionFault({ offer }: ConvertedGoal, clickAgeMs: number): 'too-soon' | 'click-expired' | undefined {
  const { session_hours: hours, min_seconds_to_conversion: seconds = 0 } = offer ?? {};
  if (clickAgeMs < seconds * 1_000) return seconds > 0 ? 'too-soon' : undefined;
  return hours !== undefined && clickAgeMs > hours * 3_600_000 ? 'click-expired' : undefined;
}

function rejected(reason: Rejection) {
  return { status: 'rejected', reason } as const;
}
