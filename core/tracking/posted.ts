import type { Advertiser, Catalog, Network, Offer } from '../catalog/catalog.ts';
import type { EventFields } from '../event/event.ts';
import { limits } from '../limits/limits.ts';
import { presentFields } from './fields.ts';
import { type AmountStyle, type PostedAmount, readAmount } from './input/amount.ts';
import type { Parameters } from './input/parameters.ts';
import { type PostedStatus, readStatus } from './input/posted-status.ts';
import { parseFlag, trimBlanks } from './input/word.ts';

/** What a postback says of its conversion, as far as Keeptrack understands it. */
export interface PostedConversion {
  /** Absent when the postback has no status. */
  readonly status?: PostedStatus;
  readonly amount: PostedAmount;
  readonly payout: PostedAmount;
  readonly revenue: PostedAmount;
  readonly test: boolean | 'unclear';
}

/** `offer` is undefined when the catalog does not know it. Amounts are then read in the network's currency. */
export function readPostedConversion(
  { known, unknown }: Parameters,
  offer: Offer | undefined,
  catalog: Catalog,
): PostedConversion {
  const advertiser = catalog.advertisers.get(offer?.advertiser_id ?? 0);
  const style = styleOf(advertiser, offer, catalog.network);
  const currencyFault = faultOfCurrency(known.get('currency') ?? '', style.currency);
  const amountIn = (name: string): PostedAmount => {
    const amount = readAmount(known.get(name) ?? '', style);
    if (amount.kind === 'absent' && isNested(name, unknown)) return { kind: 'unclear' };
    return amount.kind === 'amount' && currencyFault ? { kind: currencyFault } : amount;
  };
  const status =
    readStatus(known.get('status') ?? '', advertiser) ?? (isNested('status', unknown) ? 'unknown' : undefined);
  return {
    ...(status && { status }),
    amount: amountIn('amount'),
    payout: amountIn('payout'),
    revenue: amountIn('revenue'),
    test: parseFlag(known.get('test') ?? '') ?? 'unclear',
  };
}

/** Whether a value is nested, as in `{"status":{"code":"rejected"}}`. Its meaning is then unknown. */
function isNested(name: string, unknown: Parameters['unknown']): boolean {
  return Object.keys(unknown).some((one) => one.toLowerCase().startsWith(`${name}[`));
}

function styleOf(advertiser: Advertiser | undefined, offer: Offer | undefined, network: Network): AmountStyle {
  return {
    currency: offer?.currency ?? network.currency,
    decimalMark: advertiser?.decimal_mark ?? '.',
    unit: advertiser?.amount_unit ?? 'major',
    max: offer?.posted_amount_max ?? limits.link.postedAmountMax,
  };
}

/** Keeptrack converts no currencies, so it cannot use an amount in another currency than the offer's. */
function faultOfCurrency(posted: string, currency: string): 'unclear' | 'other-currency' | undefined {
  const code = trimBlanks(posted).toUpperCase();
  if (code === '' || code === currency) return undefined;
  return /^[A-Z]{3}$/.test(code) ? 'other-currency' : 'unclear';
}

/** The values that Keeptrack understood and, where the given text differs, that text as `<name>_given`. */
export function postedFields({ known }: Parameters, posted: PostedConversion): EventFields {
  return presentFields({
    ...pairOf('amount', usableOf(posted.amount), known.get('amount')),
    posted_offer_id: known.get('offer_id'),
    posted_aff_id: known.get('aff_id'),
    ...pairOf('posted_payout', usableOf(posted.payout), known.get('payout')),
    ...pairOf('posted_revenue', usableOf(posted.revenue), known.get('revenue')),
    ...pairOf('posted_status', posted.status === 'unknown' ? undefined : posted.status, known.get('status')),
    posted_currency: known.get('currency'),
    posted_timestamp: known.get('timestamp'),
    test: posted.test === true || undefined,
    test_given: posted.test === 'unclear' ? known.get('test') : undefined,
  });
}

function usableOf(amount: PostedAmount): string | undefined {
  return amount.kind === 'amount' ? amount.value : undefined;
}

function pairOf(name: string, used: string | undefined, given: string | undefined) {
  return { [name]: used, [`${name}_given`]: given === used ? undefined : given };
}
