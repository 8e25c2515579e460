import type { VerifiedTransaction } from '../transaction-id.ts';
import type { TrackContext } from './context.ts';
import type { TrackRequest } from './decision.ts';
import type { Converted } from './goal.ts';
import type { Parameters } from './parameters.ts';
import { type SenderRefusal, senderRefusal } from './sender.ts';

type Rejection =
  | 'transaction-missing'
  | 'transaction-foreign'
  | 'transaction-tampered'
  | SenderRefusal
  | 'click-not-credited'
  | 'goal-unknown'
  | 'rejected-by-advertiser';

/** Why a conversion waits for a person. */
type Wait = 'offer-unknown' | 'approval' | 'pending-by-advertiser';

export type ConversionOutcome =
  | { readonly status: 'approved' }
  | { readonly status: 'pending'; readonly wait: Wait }
  | { readonly status: 'rejected'; readonly reason: Rejection };

/**
 * Whether a conversion counts. One whose offer the catalog does not know is pending: nobody can tell its sender or its
 * money, and a catalog that is behind must not cost an affiliate a sale.
 */
export function conversionOutcome(
  request: TrackRequest,
  parameters: Parameters,
  context: TrackContext,
  verified: VerifiedTransaction,
  converted: Converted,
): ConversionOutcome {
  const { offer } = converted;
  if (!parameters.known.get('transaction_id')) return rejected('transaction-missing');
  if (verified.kind !== 'valid') return rejected(`transaction-${verified.kind}`);
  const refusal = senderRefusal(request, parameters, context.catalog.advertisers.get(offer?.advertiser_id ?? 0));
  if (refusal) return rejected(refusal);
  if (verified.affiliateId === 0) return rejected('click-not-credited');
  if (converted.goalId === undefined) return rejected('goal-unknown');
  const posted = parameters.known.get('status');
  if (posted === 'rejected') return rejected('rejected-by-advertiser');
  if (offer === undefined) return { status: 'pending', wait: 'offer-unknown' };
  if (posted === 'pending') return { status: 'pending', wait: 'pending-by-advertiser' };
  const waits = converted.goal?.approve_conversions ?? offer.approve_conversions;
  return waits ? { status: 'pending', wait: 'approval' } : { status: 'approved' };
}

function rejected(reason: Rejection): ConversionOutcome {
  return { status: 'rejected', reason };
}
