import type { AlertRule } from '../catalog/alert-rule.ts';
import { limits } from '../limits/limits.ts';
import { parseExactDecimal, toMicros, zero } from '../money/decimal.ts';
import { isLess, percentOf, type Ratio, smaller } from './ratio.ts';
import { sumTallies, type Tally } from './tally.ts';

/**
 * `out`: out of bounds. `near`: within the bound, but not by the margin that ends an episode. `within`: by more than
 * that.
 */
type KnownVerdict = 'out' | 'near' | 'within';

/** Why nothing can be said: too few clicks, conversions or past weeks. */
export type Silence = 'few-clicks' | 'few-conversions' | 'few-weeks';

export type Judgement =
  | { readonly verdict: KnownVerdict; readonly value: Ratio; readonly bound: Ratio; readonly usual?: Ratio }
  | { readonly verdict: 'unknown'; readonly why: Silence };

const { clicksMin, conversionsMin, marginPercent, weeksMin } = limits.alerts;

/** What a rule says about an hour. `past`: the same hour of past weeks, as far as there are figures. */
export function judgeRule(rule: AlertRule, hour: Tally, past: readonly Tally[]): Judgement {
  const base = rule.change_percent === undefined ? undefined : { sum: sumTallies(past), weeks: BigInt(past.length) };
  if (base !== undefined && past.length < weeksMin) return { verdict: 'unknown', why: 'few-weeks' };
  const value = ratioOf(rule, hour, 1n);
  const usual = base && ratioOf(rule, base.sum, base.weeks);
  const bound = base === undefined ? fixedBound(rule) : usual && percentOf(usual, 100 + (rule.change_percent ?? 0));
  if (value === undefined || bound === undefined) {
    return { verdict: 'unknown', why: rule.measure === 'conversion_rate' ? 'few-clicks' : 'few-conversions' };
  }
  const why = silenceOf(rule, hour, base, bound);
  if (why !== undefined) return { verdict: 'unknown', why };
  const verdict = tellsOfFall(rule) ? fallen(rule, value, bound) : risen(value, bound);
  return { verdict, value, bound, ...(usual && { usual }) };
}

/** Whether the rule tells of a measure that is too low. Otherwise it tells of one that is too high. */
export function tellsOfFall({ below, change_percent: change = 0 }: AlertRule): boolean {
  return below !== undefined || change < 0;
}

/** The measure over some hours. Undefined when it is a share of nothing. */
function ratioOf({ measure, reason }: AlertRule, tally: Tally, hours: bigint): Ratio | undefined {
  const { clicks, conversions, pending, rejected, reasons } = tally;
  const share = (part: bigint, whole: bigint) => (whole === 0n ? undefined : { part, whole });
  switch (measure) {
    case 'clicks':
      return { part: clicks, whole: hours };
    case 'conversion_rate':
      return share(conversions, clicks);
    case 'pending_share':
      return share(pending, conversions + rejected);
    case 'rejected_share':
      return share(reason === undefined ? rejected : (reasons.get(reason) ?? 0n), conversions + rejected);
  }
}

function fixedBound({ measure, below, above }: AlertRule): Ratio {
  const micros = toMicros(parseExactDecimal(below ?? above) ?? zero);
  return { part: micros, whole: measure === 'clicks' ? 1_000_000n : 100_000_000n };
}

/** The past weeks together. */
interface Base {
  readonly sum: Tally;
  readonly weeks: bigint;
}

/** Small numbers say nothing: one conversion more or less would be a great change. */
function silenceOf(rule: AlertRule, hour: Tally, base: Base | undefined, bound: Ratio): Silence | undefined {
  const leastClicks = BigInt(rule.min_clicks ?? clicksMin);
  const leastConversions = BigInt(rule.min_conversions ?? conversionsMin);
  const isFew = (count: (tally: Tally) => bigint, least: bigint) => ({
    now: count(hour) < least,
    usually: base !== undefined && count(base.sum) < least * base.weeks,
  });
  const clicks = isFew((tally) => tally.clicks, leastClicks);
  const conversions = isFew((tally) => tally.conversions + tally.rejected, leastConversions);
  switch (rule.measure) {
    case 'clicks':
      return clicks.now && clicks.usually ? 'few-clicks' : undefined;
    case 'conversion_rate': {
      if (clicks.now || clicks.usually) return 'few-clicks';
      // As many as the hour has, or would have at the bound.
      const atBound = (hour.clicks * bound.part) / bound.whole;
      return hour.conversions < leastConversions && atBound < leastConversions ? 'few-conversions' : undefined;
    }
    case 'pending_share':
    case 'rejected_share':
      return conversions.now || conversions.usually ? 'few-conversions' : undefined;
  }
}

function fallen({ measure }: AlertRule, value: Ratio, bound: Ratio): KnownVerdict {
  if (isLess(value, bound)) return 'out';
  const backAt = percentOf(bound, 100 + marginPercent);
  // No share is above 100 %, so such an episode could never end.
  const reachable = measure.endsWith('_share') ? smaller(backAt, { part: 1n, whole: 1n }) : backAt;
  return isLess(value, reachable) ? 'near' : 'within';
}

function risen(value: Ratio, bound: Ratio): KnownVerdict {
  if (isLess(bound, value)) return 'out';
  return isLess(percentOf(bound, 100 - marginPercent), value) ? 'near' : 'within';
}
