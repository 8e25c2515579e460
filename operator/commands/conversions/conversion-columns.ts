import type { ConversionHistory } from '../../../core/conversions/conversion-history.ts';
import type { OperatorKeys } from '../../../core/keys/operator-keys.ts';
import { amountText } from '../../../core/money/amount-text.ts';

/** The columns of `conversions list`, in CSV and JSON. The commands that decide take them back and use the first one. */
export const listColumns = [
  ...['conversion', 'reported_at', 'transaction_id', 'offer_id', 'affiliate_id', 'goal_id', 'status', 'why'],
  ...[
    'sale_amount',
    'payout_worth',
    'revenue_worth',
    'currency',
    'conflicts',
    'decided_by',
    'first_event',
    'over_caps',
  ],
];

export function listCells(history: ConversionHistory, keys: OperatorKeys): readonly (string | number | null)[] {
  const { key, first, standing, worth, overCaps } = history;
  const { status, pendingFor, reason, amount = null, conflicts } = standing;
  return [
    ...[key, new Date(first.at).toISOString(), textOf(first['txn'])],
    ...[numberOf(first['offer_id']), numberOf(first['aff_id']), numberOf(first['goal_id']) ?? 0],
    ...[status, pendingFor ?? reason ?? null, amount],
    ...[amountText(worth.payoutMicros), amountText(worth.revenueMicros), textOf(first['currency'])],
    ...[conflicts.map(({ kind }) => kind).join(' ') || null, decidedBy(history, keys) ?? null, first.id],
    overCaps?.join(' ') ?? null,
  ];
}

/** The operator of the last decision that counts. */
export function decidedBy({ events }: ConversionHistory, keys: OperatorKeys): string | undefined {
  const last = events.filter(({ event, counts }) => counts && event.type === 'decision').at(-1);
  return last && operatorName(`${last.event['operator']}`, keys);
}

export function operatorName(id: string, { keys }: OperatorKeys): string {
  return keys.find((key) => key.id === id)?.name ?? id;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
