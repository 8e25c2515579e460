import type { Goal, Offer } from '../catalog/catalog.ts';
import { isDecimal } from '../decimal.ts';
import type { EventFields } from '../event.ts';
import { present } from './fields.ts';
import type { Converted } from './goal.ts';
import type { Parameters } from './parameters.ts';

/** Money is fixed at capture, in words as in amount: what is due by an event is a function of its line. */

/** Of a click or an impression. */
export function offerTerms(version: string, offer: Offer | undefined): EventFields {
  if (offer === undefined) return { catalog: version };
  const { currency } = offer;
  return present({ catalog: version, currency, ...payoutOf(offer), ...revenueOf(offer) });
}

/** Of a conversion: each side is what the postback says, where that is allowed; else the goal's; else the offer's. */
export function conversionTerms(version: string, { offer, goal }: Converted, { known }: Parameters): EventFields {
  if (offer === undefined) return { catalog: version };
  const mayPostPayout = goal?.allow_posted_payout ?? offer.allow_posted_payout;
  const mayPostRevenue = goal?.allow_posted_revenue ?? offer.allow_posted_revenue;
  const [payout, revenue] = [known.get('payout'), known.get('revenue')];
  return present({
    catalog: version,
    currency: offer.currency,
    ...(mayPostPayout && isDecimal(payout)
      ? { payout_type: 'cpa_flat', payout }
      : payoutOf(goal?.payout_type ? goal : offer)),
    ...(mayPostRevenue && isDecimal(revenue)
      ? { revenue_type: 'cpa_flat', revenue }
      : revenueOf(goal?.revenue_type ? goal : offer)),
  });
}

function payoutOf({ payout_type, payout, payout_percent }: Offer | Goal) {
  return { payout_type, payout, payout_percent };
}

function revenueOf({ revenue_type, revenue, revenue_percent }: Offer | Goal) {
  return { revenue_type, revenue, revenue_percent };
}
