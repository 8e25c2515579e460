import { type CapName, type CapOwner, capKey, capOf, isMoneyMeasure, limitText } from '../caps/cap.ts';
import { limits } from '../limits/limits.ts';
import type { AlertNames } from './alert-text.ts';
import type { Signal } from './episodes.ts';
import { isLess, percentOf, percentText, type Ratio } from './ratio.ts';

/** What a cap has used, as `stats` counted it. Counts are whole numbers, and money is in millionths of `currency`. */
export interface CountedCap extends CapOwner {
  readonly name: CapName;
  readonly mode: 'soft' | 'hard';
  readonly currency: string;
  /** `2026-11-23`, `2026-11` or `lifetime`. */
  readonly period: string;
  readonly limit: bigint;
  readonly used: bigint;
}

/**
 * Caps that are reached or nearly so. `alertPercent`: the share of a cap from which on the network is told. A cap that
 * is far from it has no signal, which ends its episode. So does another limit, and another day or month.
 */
export function capSignals(caps: readonly CountedCap[], alertPercent: number, names: AlertNames): readonly Signal[] {
  return caps.flatMap((cap) => {
    const share = { part: cap.used, whole: cap.limit };
    const near = signalOf('near', cap, share, alertPercent, names);
    const reached = signalOf('reached', cap, share, 100, names);
    // A cap that jumps over both is told once.
    if (near !== undefined && reached?.verdict === 'out') return [{ ...near, verdict: 'near' as const }, reached];
    return [near, reached].filter((signal) => signal !== undefined);
  });
}

const { marginPercent } = limits.alerts;

function signalOf(
  kind: 'near' | 'reached',
  cap: CountedCap,
  share: Ratio,
  percent: number,
  names: AlertNames,
): Signal | undefined {
  const bound: Ratio = { part: BigInt(percent), whole: 100n };
  const isBack = isLess(share, percentOf(bound, 100 - marginPercent));
  if (isBack) return undefined;
  return {
    key: `cap/${capKey(cap, cap.name)}/${kind}`,
    of: `${cap.limit} in ${cap.period}`,
    verdict: isLess(share, bound) ? 'near' : 'out',
    says: capText(kind, cap, share, names),
  };
}

function capText(kind: 'near' | 'reached', cap: CountedCap, share: Ratio, names: AlertNames): string {
  const { offerId, affiliateId, name, mode, period } = cap;
  const owner = [
    `offer ${named(offerId, names.offers)}`,
    ...(affiliateId === 0 ? [] : [`affiliate ${named(affiliateId, names.affiliates)}`]),
  ].join(', ');
  const what = kind === 'near' ? 'is nearly reached' : 'is reached';
  const then = mode === 'hard' ? 'clicks are sent elsewhere, and more is not payable' : 'clicks are sent elsewhere';
  return [
    `The ${mode} ${name} of ${owner} ${what}: ${amountText(cap, cap.used)} of ${amountText(cap, cap.limit)} (${percentText(share)})`,
    `${period === 'lifetime' ? 'in all' : `in ${period}`}. ${kind === 'near' ? `Once it is reached, ${then}` : `From now on ${then}`}.`,
    'Look at: keeptrack status, and the offer in the catalog, where the cap can be raised.',
  ].join(' ');
}

function named(id: number, entries: AlertNames['offers']): string {
  return `${id} ${entries.get(id)?.name ?? ''}`.trimEnd();
}

function amountText({ name, currency }: CountedCap, amount: bigint): string {
  const measure = capOf(name, '1')?.measure ?? 'conversion';
  const text = limitText({ measure, limit: amount });
  return isMoneyMeasure(measure) ? `${text} ${currency}` : text;
}
