import { knownTypeOf, type LoggedEvent } from '../event/event.ts';
import { parseExactDecimal } from '../money/decimal.ts';
import type { ConversionTerms, MoneyTerms } from './conversion-terms.ts';
import type { ConversionDecision, ConversionEvent, ConversionReport } from './standing.ts';

/** Reads the events of a conversion key from their lines. */

const keyShape = /^[0-9a-f]{32}$/;

/** The key of a conversion's report or decision. Undefined for every other event. */
export function conversionKeyOf(event: LoggedEvent): string | undefined {
  const { type, conversion_key: key } = event;
  const hasKey = type === 'conversion' || type === 'decision';
  return hasKey && typeof key === 'string' && keyShape.test(key) ? key : undefined;
}

/**
 * What the event says about the conversion of its key. Undefined for an event without a key, for a test, and for a
 * report that Keeptrack refused. The caller has verified the signature of a decision.
 */
export function conversionEventOf(event: LoggedEvent): ConversionEvent | undefined {
  if (conversionKeyOf(event) === undefined) return undefined;
  switch (knownTypeOf(event)) {
    case 'conversion':
      return reportOf(event);
    case 'decision':
      return decisionOf(event);
    default:
      return undefined;
  }
}

/** `track` rejects what comes after the session. Its line still says in `pending_for` what the report would wait for. */
function reportOf(event: LoggedEvent): ConversionReport | undefined {
  const { id, rules = 1, reason, amount, pending_for: pendingFor } = event;
  if (event['test'] === true || event['test'] === '1') return undefined;
  const isLate = reason === 'click-expired';
  const status = isLate ? statusOf({ ...event, reason: null, status: null }) : statusOf(event);
  if (status === 'rejected' && (rules < 2 || reason !== 'rejected-by-advertiser')) return undefined;
  const terms = termsOf(event);
  return {
    kind: 'report',
    id,
    rules,
    status,
    ...(isLate && { isLate }),
    ...(pendingFor === 'click-too-old' && event['posted_status'] === 'rejected' && { rejectsTooLate: true }),
    ...(status === 'pending' && { pendingFor: typeof pendingFor === 'string' ? pendingFor : 'status' }),
    ...(status === 'rejected' && { reason: 'rejected-by-advertiser' }),
    ...senderOf(event),
    ...(terms && { terms }),
    ...(isDecimal(amount) && { amount }),
  };
}

function senderOf({ sender, txn, advertiser_id: advertiserId }: LoggedEvent) {
  return {
    sender: sender === 'proven' ? 'proven' : 'unproven',
    ...(typeof txn === 'string' && { click: txn }),
    ...(typeof advertiserId === 'number' && { advertiserId }),
  } as const;
}

/** Earlier releases kept `status` as posted. In every release a conversion that is not credited has a `reason`. */
function statusOf({ reason, pending_for: pendingFor, status }: LoggedEvent): ConversionReport['status'] {
  if (typeof reason === 'string') return 'rejected';
  if (typeof pendingFor === 'string') return 'pending';
  return status === 'pending' || status === 'rejected' ? status : 'approved';
}

/** A posted payout or revenue that nobody can read replaces the catalog's terms, so there are none then. */
function termsOf(event: LoggedEvent): ConversionTerms | undefined {
  const { currency, money_wait: moneyWait, pending_for: pendingFor, rules = 1 } = event;
  const wait = moneyWait ?? pendingFor;
  const isUnclear = rules >= 2 && typeof wait === 'string' && /^(payout|revenue)-/.test(wait);
  if (typeof currency !== 'string' || isUnclear) return undefined;
  return { currency, payout: sideOf(event, 'payout'), revenue: sideOf(event, 'revenue') };
}

/** Money for clicks and impressions (`cpc`, `cpm`) pays nothing for a conversion. */
function sideOf(event: LoggedEvent, side: 'payout' | 'revenue'): MoneyTerms {
  const type = event[`${side}_type`];
  const [flat, percent] = [event[side], event[`${side}_percent`]];
  const hasFlat = type === 'cpa_flat' || type === 'cpa_both';
  const hasShare = type === 'cpa_percentage' || type === 'cpa_both';
  return {
    flat: hasFlat && isDecimal(flat) ? flat : '0',
    percent: hasShare && isDecimal(percent) ? percent : '0',
  };
}

const verdicts: readonly unknown[] = ['approve', 'reject', 'set-amount'];

function decisionOf({
  id,
  verdict,
  amount,
  payout,
  revenue,
  over_cap: overCap,
}: LoggedEvent): ConversionDecision | undefined {
  if (!verdicts.includes(verdict)) return undefined;
  return {
    kind: 'decision',
    id,
    verdict: verdict as ConversionDecision['verdict'],
    ...(isDecimal(amount) && { amount }),
    ...(isDecimal(payout) && { payout }),
    ...(isDecimal(revenue) && { revenue }),
    ...(overCap === true && { isPaidOverCap: true }),
  };
}

function isDecimal(value: unknown): value is string {
  return parseExactDecimal(value) !== undefined;
}
