import type { LoggedEvent } from '../event/event.ts';
import { eventOutcome } from '../figures/outcome.ts';
import { parseExactDecimal, shifted, toMicros } from './decimal.ts';

/** What a click or an impression earns, in millionths of its `currency`. */
export interface Earnings {
  /** What the affiliate gets. */
  readonly payoutMicros: bigint;
  /** What the advertiser pays. */
  readonly revenueMicros: bigint;
}

const nothing: Earnings = { payoutMicros: 0n, revenueMicros: 0n };

/** Which type of payout and revenue an event earns, and how many events its amount is for, as a power of ten. */
const paidTypes: Readonly<Record<string, { readonly moneyType: string; readonly digits: number } | undefined>> = {
  click: { moneyType: 'cpc', digits: 0 },
  impression: { moneyType: 'cpm', digits: 3 },
};

/**
 * The earnings of a credited click or impression follow from its line alone, so a rebuild next year gives the same
 * figures. Both values are rounded once, half up, to a millionth. What a conversion is worth depends on its standing
 * (core/conversions/).
 */
export function earningsOf(event: LoggedEvent): Earnings {
  const paid = paidTypes[event.type];
  if (paid === undefined || eventOutcome(event) !== 'credited') return nothing;
  const side = (moneyType: unknown, amount: unknown): bigint => {
    const exact = moneyType === paid.moneyType ? parseExactDecimal(amount) : undefined;
    return exact ? toMicros(shifted(exact, paid.digits)) : 0n;
  };
  return {
    payoutMicros: side(event['payout_type'], event['payout']),
    revenueMicros: side(event['revenue_type'], event['revenue']),
  };
}
