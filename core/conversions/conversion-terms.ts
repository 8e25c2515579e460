import { minorDigitsOf } from '../money/currency.ts';
import {
  type ExactDecimal,
  parseExactDecimal,
  plus,
  rounded,
  shifted,
  times,
  toMicros,
  zero,
} from '../money/decimal.ts';

/** What a conversion pays, fixed at its capture. */
export interface ConversionTerms {
  /** ISO 4217. */
  readonly currency: string;
  readonly payout: MoneyTerms;
  readonly revenue: MoneyTerms;
}

/** Exact decimals in units of the currency; `percent` is a share of the sale's amount. */
export interface MoneyTerms {
  readonly flat: string;
  readonly percent: string;
}

export function isShare({ percent }: MoneyTerms): boolean {
  return (parseExactDecimal(percent)?.units ?? 0n) > 0n;
}

/** What of a standing says what the conversion is worth (standing.ts). */
interface StandingMoney {
  readonly rules: number;
  readonly terms?: ConversionTerms;
  readonly amount?: string;
  /** What an operator set instead of what the terms say. */
  readonly payout?: string;
  readonly revenue?: string;
}

/** What a conversion is worth, in millionths of its currency. Its status says whether that is due. */
export interface ConversionWorth {
  readonly payoutMicros: bigint;
  readonly revenueMicros: bigint;
}

/**
 * Since rules 2 both values are rounded once, half up, to the currency's smallest unit (ISO 4217), because nobody can be
 * paid a part of it. Rules 1 rounded to a millionth.
 */
export function worthOf({ rules, terms, amount, payout, revenue }: StandingMoney): ConversionWorth {
  const digits = rules >= 2 && terms !== undefined ? minorDigitsOf(terms.currency) : undefined;
  const microsOf = (set: string | undefined, side: MoneyTerms | undefined): bigint => {
    const exact = parseExactDecimal(set) ?? (side ? exactWorth(side, amount) : zero);
    return toMicros(digits === undefined ? exact : rounded(exact, digits));
  };
  return { payoutMicros: microsOf(payout, terms?.payout), revenueMicros: microsOf(revenue, terms?.revenue) };
}

function exactWorth({ flat, percent }: MoneyTerms, amount: string | undefined): ExactDecimal {
  const share = times(parseExactDecimal(amount) ?? zero, parseExactDecimal(percent) ?? zero);
  return plus(parseExactDecimal(flat) ?? zero, shifted(share, 2));
}
