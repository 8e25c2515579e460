import { isDeepStrictEqual } from 'node:util';
import { type ConversionHistory, dueOf, historyWith } from '../../../core/conversions/conversion-history.ts';
import { operatorEvent } from '../../../core/conversions/operator-events.ts';
import type { ConversionStanding } from '../../../core/conversions/standing.ts';
import type { LoggedEvent } from '../../../core/event/event.ts';
import { minorDigitsOf } from '../../../core/money/currency.ts';
import { parseExactDecimal } from '../../../core/money/decimal.ts';
import type { Shell } from '../../cli/shell.ts';
import type { FoundConversions } from '../../conversions/find-conversions.ts';
import { ambiguityText, notFoundText } from '../../conversions/found-text.ts';
import type { DecisionRow, Verdict } from './decision-rows.ts';

/** What decisions would change, before any is sent. */
export interface DecisionPlan {
  readonly changes: readonly PlannedChange[];
  /** Rows whose conversion already stands so. */
  readonly unchanged: number;
  readonly problems: readonly string[];
}

export interface PlannedChange {
  readonly row: DecisionRow;
  readonly before: ConversionHistory;
  readonly after: Pick<ConversionHistory, 'standing' | 'worth' | 'overCaps'>;
  /** Not signed yet. */
  readonly event: LoggedEvent;
}

/** `found`: for each row what it may mean. */
export function planDecisions(
  verdict: Verdict,
  rows: readonly DecisionRow[],
  found: readonly FoundConversions[],
  shell: Pick<Shell, 'clock' | 'random'>,
): DecisionPlan {
  const changes: PlannedChange[] = [];
  const problems: string[] = [];
  const places = new Map<string, string>();
  for (const [index, row] of rows.entries()) {
    const meant = found[index] ?? { histories: [], mayBeMore: false, isSearched: false };
    const [history] = meant.histories;
    const identity = identityProblem(row, meant, places.get(history?.key ?? ''));
    if (history === undefined || identity !== undefined) {
      problems.push(`${row.place}: ${identity}`);
      continue;
    }
    places.set(history.key, row.place);
    const planned = planDecision(verdict, row, history, shell);
    if (typeof planned === 'string') problems.push(`${row.place}: ${planned}`);
    else if (planned !== undefined) changes.push(planned);
  }
  return { changes, unchanged: rows.length - changes.length - problems.length, problems };
}

/** A text says why the decision cannot be made. Undefined when the conversion stands so already. */
function planDecision(
  verdict: Verdict,
  row: DecisionRow,
  before: ConversionHistory,
  { clock, random }: Pick<Shell, 'clock' | 'random'>,
): PlannedChange | string | undefined {
  const event = eventOf(verdict, row, before, clock.nowMs(), random.bytes(10));
  const after = historyWith(before, event);
  if (after === undefined) return 'no report of it counts';
  const problem = capProblem(row, before) ?? moneyProblem(row, before, after.standing, event.id);
  if (problem !== undefined) return problem;
  return isSame(before.standing, after.standing) ? undefined : { row, before, after, event };
}

function eventOf(
  verdict: Verdict,
  { money, note, paysOverCap }: DecisionRow,
  { key, first, events }: ConversionHistory,
  nowMs: number,
  random: Uint8Array,
): LoggedEvent {
  const { txn, offer_id: offer, aff_id: affiliate, goal_id: goal, currency } = first;
  const fields = {
    ...{ conversion_key: key, conversion_id: first.id, verdict, ...money },
    ...(typeof txn === 'string' && { txn }),
    ...(typeof offer === 'number' && { offer_id: offer }),
    ...(typeof affiliate === 'number' && { aff_id: affiliate }),
    ...(typeof goal === 'number' && { goal_id: goal }),
    ...(typeof currency === 'string' && { currency }),
    ...(paysOverCap && { over_cap: true as const }),
    ...(note !== undefined && { note }),
  };
  const seen = events.filter(({ counts }) => counts).at(-1)?.event.id;
  return operatorEvent({ type: 'decision', fields }, nowMs, random, seen);
}

function identityProblem(
  { reference }: DecisionRow,
  found: FoundConversions,
  earlier: string | undefined,
): string | undefined {
  if (found.histories.length === 0) return notFoundText(reference, found);
  return ambiguityText(found) ?? (earlier === undefined ? undefined : `the same conversion as ${earlier}`);
}

/** Figures that are not final yet know of no conversion that is over a cap. */
function capProblem({ paysOverCap }: DecisionRow, { standing, overCaps }: ConversionHistory): string | undefined {
  if (!paysOverCap || standing.isPaidOverCap || overCaps !== undefined) return undefined;
  return 'is over no hard cap in the final figures: approve it without --over-cap, or wait until its hour is final';
}

function moneyProblem(
  { money }: DecisionRow,
  { first }: ConversionHistory,
  after: ConversionStanding,
  eventId: string,
): string | undefined {
  const currency = after.terms?.currency ?? first['currency'];
  if (after.conflicts.some((conflict) => conflict.kind === 'amount-needed' && conflict.eventId === eventId)) {
    return 'nobody knows what it pays: give an amount, or payout and revenue';
  }
  if (typeof currency !== 'string') {
    return after.status === 'approved' || Object.keys(money).length > 0
      ? 'has no currency, because the catalog did not know its offer: book an adjustment instead'
      : undefined;
  }
  const digits = minorDigitsOf(currency);
  const tooFine = (['payout', 'revenue'] as const).find(
    (name) => (parseExactDecimal(money[name])?.scale ?? 0) > digits,
  );
  return tooFine && `${tooFine} ${money[tooFine]}: ${currency} has ${digits} decimals`;
}

/** `10` and `10.00` are the same amount. */
function isSame(one: ConversionStanding, other: ConversionStanding): boolean {
  return isDeepStrictEqual(normal(one), normal(other));
}

function normal(standing: ConversionStanding) {
  const { amount, payout, revenue } = standing;
  return { ...standing, amount: plain(amount), payout: plain(payout), revenue: plain(revenue) };
}

function plain(text: string | undefined): string | undefined {
  return text?.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

export interface MoneyChange {
  readonly currency: string;
  /** What is due after the decisions, less what is due now. */
  readonly payoutMicros: bigint;
  readonly revenueMicros: bigint;
}

/** By currency, in the order of their codes. */
export function moneyChanges(changes: readonly PlannedChange[]): readonly MoneyChange[] {
  const sums = new Map<string, { payoutMicros: bigint; revenueMicros: bigint }>();
  for (const { before, after } of changes) {
    const currency = `${after.standing.terms?.currency ?? before.first['currency'] ?? ''}`;
    const sum = sums.get(currency) ?? { payoutMicros: 0n, revenueMicros: 0n };
    const [was, is] = [dueOf(before), dueOf(after)];
    sums.set(currency, {
      payoutMicros: sum.payoutMicros + is.payoutMicros - was.payoutMicros,
      revenueMicros: sum.revenueMicros + is.revenueMicros - was.revenueMicros,
    });
  }
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([currency, sum]) => ({ currency, ...sum }));
}
