import type { LoggedEvent } from '../event/event.ts';
import { eventOutcome } from '../figures/outcome.ts';
import { type ExactDecimal, parseExactDecimal, plus, shifted, times, toMicros, zero } from './decimal.ts';

/** What an event earns, in millionths of its `currency`. */
export interface Earnings {
  /** What the affiliate gets. */
  readonly payoutMicros: bigint;
  /** What the advertiser pays. */
  readonly revenueMicros: bigint;
}

const nothing: Earnings = { payoutMicros: 0n, revenueMicros: 0n };

/**
 * The earnings follow from the event's line alone, so a rebuild next year gives the same figures. Only credited clicks
 * and impressions and approved conversions earn. One line does not tell whether a conversion is a duplicate, so the
 * caller leaves duplicates out. Both values are computed exactly and rounded once, half up, to a millionth.
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

/** Which types of payout and revenue an event of each type earns. */
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

/** The percentage of the sale's amount. Zero without an amount that is an exact decimal. */
function share(event: LoggedEvent, percentText: unknown): ExactDecimal {
  const amount = parseExactDecimal(event['amount']);
  const percent = parseExactDecimal(percentText);
  return amount && percent ? shifted(times(amount, percent), 2) : zero;
}
