import type { LoggedEvent } from '../event/event.ts';
import { eventOutcome } from '../figures/outcome.ts';
import { type ExactDecimal, parseExactDecimal, plus, shifted, times, toMicros, zero } from './decimal.ts';

/** In millionths of the event's `currency`. */
export interface Earnings {
  /** To the affiliate. */
  readonly payoutMicros: bigint;
  /** From the advertiser. */
  readonly revenueMicros: bigint;
}

const nothing: Earnings = { payoutMicros: 0n, revenueMicros: 0n };

/**
 * What one event is worth: a function of its line alone, so that a rebuild next year gives the same figures. Only what
 * counts earns: credited clicks and impressions, approved conversions. Whether a conversion is a duplicate no line
 * knows, so whoever counts leaves duplicates out. Each of the two is exact and rounded once, half up, to a millionth.
 */
export function earningsOf(event: LoggedEvent): Earnings {
  const isPaid = paidTypes[event.type];
  if (isPaid === undefined) return nothing;
  const payoutType = event['payout_type'];
  const revenueType = event['revenue_type'];
  if (!isPaid(payoutType) && !isPaid(revenueType)) return nothing;
  const outcome = eventOutcome(event);
  if (outcome !== 'credited' && outcome !== 'approved') return nothing;
  return {
    payoutMicros: isPaid(payoutType) ? side(event, payoutType, event['payout'], event['payout_percent']) : 0n,
    revenueMicros: isPaid(revenueType) ? side(event, revenueType, event['revenue'], event['revenue_percent']) : 0n,
  };
}

/** Which types of payout and revenue are due by an event of the type. */
const paidTypes: Readonly<Record<string, ((moneyType: unknown) => boolean) | undefined>> = {
  click: (moneyType) => moneyType === 'cpc',
  impression: (moneyType) => moneyType === 'cpm',
  conversion: (moneyType) => moneyType === 'cpa_flat' || moneyType === 'cpa_percentage' || moneyType === 'cpa_both',
};

function side(event: LoggedEvent, moneyType: unknown, flatText: unknown, percentText: unknown): bigint {
  const flat = parseExactDecimal(flatText) ?? zero;
  switch (moneyType) {
    case 'cpm':
      return toMicros(shifted(flat, 3));
    case 'cpa_percentage':
      return toMicros(share(event, percentText));
    case 'cpa_both':
      return toMicros(plus(flat, share(event, percentText)));
    default:
      return toMicros(flat);
  }
}

/** Of the sale's amount; nothing when it was not given, or was no exact decimal. */
function share(event: LoggedEvent, percentText: unknown): ExactDecimal {
  const amount = parseExactDecimal(event['amount']);
  const percent = parseExactDecimal(percentText);
  return amount && percent ? shifted(times(amount, percent), 2) : zero;
}
