import { type ConversionHistory, dueOf, isHeldByCap } from '../../../core/conversions/conversion-history.ts';
import { limits } from '../../../core/limits/limits.ts';
import { amountText } from '../../../core/money/amount-text.ts';
import { plural } from '../../cli/format.ts';
import type { SentLines } from '../../clients/both-intakes.ts';
import type { Verdict } from './decision-rows.ts';
import { type DecisionPlan, type MoneyChange, moneyChanges, type PlannedChange } from './plan-decisions.ts';
import { standingText } from './standing-text.ts';

const { changesPrintedMax } = limits.decisions;

/** One line for each conversion that would change, up to a bound. */
export function changeLines({ changes }: DecisionPlan): readonly string[] {
  const more = changes.length - changesPrintedMax;
  return [...changes.slice(0, changesPrintedMax).map(changeLine), ...(more > 0 ? [`and ${more} more`] : [])];
}

/** `line 2: 01a2…: pending (approval) -> approved; payout due 0.00 -> 2.50, revenue due 0.00 -> 3.75 USD` */
function changeLine({ row, before, after }: PlannedChange): string {
  const [was, is] = [dueOf(before), dueOf(after)];
  const money = [
    `payout due ${amountText(was.payoutMicros)} -> ${amountText(is.payoutMicros)}`,
    `revenue due ${amountText(was.revenueMicros)} -> ${amountText(is.revenueMicros)}`,
  ].join(', ');
  const standings = `${standingText(before)} -> ${standingText(after)}`;
  return `${row.place}: ${before.first.id}: ${standings}; ${money} ${before.first['currency'] ?? ''}`.trimEnd();
}

/** What the decisions come to, for people. */
export function planLines(verdict: Verdict, rowCount: number, plan: DecisionPlan): readonly string[] {
  const { changes, unchanged } = plan;
  const held = changes.filter(({ after }) => after.standing.status === 'approved' && isHeldByCap(after)).length;
  return [
    `${verdict}: ${plural(rowCount, 'conversion')}, ${changes.length} would change, ${unchanged} stand so already`,
    ...moneyChanges(changes).map(moneyLine),
    ...(held > 0 ? [`${held} of them stay over a hard cap and are not paid: --over-cap pays them`] : []),
  ];
}

export function moneyLine({ currency, payoutMicros, revenueMicros }: MoneyChange): string {
  return `${currency || 'no currency'}: payout due ${signed(payoutMicros)}, revenue due ${signed(revenueMicros)}`;
}

function signed(micros: bigint): string {
  return `${micros < 0n ? '' : '+'}${amountText(micros)}`;
}

/** docs/operations.md describes the shape. */
export function planJson(verdict: Verdict, rowCount: number, plan: DecisionPlan, sent: SentLines | undefined) {
  return {
    verdict,
    conversions: rowCount,
    unchanged: plan.unchanged,
    changes: plan.changes.map(({ row, before, after, event }) => ({
      row: row.place,
      conversion: before.key,
      event: event.id,
      currency: before.first['currency'] ?? null,
      before: standingJson(before),
      after: standingJson(after),
    })),
    money: moneyChanges(plan.changes).map(moneyJson),
    sent: sent ?? null,
  };
}

function standingJson({ standing, worth, overCaps = [] }: Pick<ConversionHistory, 'standing' | 'worth' | 'overCaps'>) {
  const { status, pendingFor = null, reason = null, amount = null, conflicts, isPaidOverCap = false } = standing;
  const { payoutMicros, revenueMicros } = worth;
  return {
    status,
    pendingFor,
    reason,
    amount,
    payout: amountText(payoutMicros),
    revenue: amountText(revenueMicros),
    conflicts,
    overCaps,
    isPaidOverCap,
  };
}

export function moneyJson({ currency, payoutMicros, revenueMicros }: MoneyChange) {
  return { currency, payout: amountText(payoutMicros), revenue: amountText(revenueMicros) };
}
