import {
  type ConversionHistory,
  type HistoryEvent,
  isHeldByCap,
} from '../../../core/conversions/conversion-history.ts';
import type { OperatorKeys } from '../../../core/keys/operator-keys.ts';
import { amountText } from '../../../core/money/amount-text.ts';
import { operatorName } from './conversion-columns.ts';
import { standingText } from './standing-text.ts';

/** The whole history of a conversion in the order of time, with its standing and its money. */
export function historyLines(history: ConversionHistory, keys: OperatorKeys): readonly string[] {
  const { key, first, standing, worth, events } = history;
  const place = `offer ${first['offer_id'] ?? '-'}, affiliate ${first['aff_id'] ?? '-'}, goal ${first['goal_id'] ?? 0}`;
  const worths = `payout ${amountText(worth.payoutMicros)}, revenue ${amountText(worth.revenueMicros)}`;
  const isDue = standing.status === 'approved' && !isHeldByCap(history);
  return [
    `conversion ${key}`,
    `  stands    ${standingText(history)}: ${place}`,
    `  money     ${worths} ${first['currency'] ?? ''}, ${isDue ? 'due' : 'not due'}${standing.amount === undefined ? '' : `; amount of the sale ${standing.amount}`}`,
    ...(history.overCaps ?? []).map(
      (cap) => `  cap       ${cap} has no room for it; conversions approve --over-cap pays it`,
    ),
    ...standing.conflicts.map(({ eventId, kind }) => `  conflict  ${conflictTexts[kind]} (${eventId}); decide again`),
    ...events.map((one) => `  ${new Date(one.event.at).toISOString()}  ${eventText(one, keys)}  ${one.event.id}`),
  ];
}

const conflictTexts = {
  'rejected-after-decision': 'the advertiser rejects what an operator decided',
  'rejected-without-proof': 'somebody rejects it who proved nothing',
  'rejected-too-late': 'the advertiser rejects it, and its click is too old',
  'unclear-report': 'a later report of the advertiser says something that is not understood',
  'amount-needed': 'an operator approved it without an amount, and nobody knows what it pays',
} as const;

function eventText({ event, counts }: HistoryEvent, keys: OperatorKeys): string {
  const said = event.type === 'decision' ? decisionText(event, keys) : reportText(event);
  return `${said}${counts ? '' : `; does NOT count: ${whyNot(event)}`}`;
}

function whyNot({ type, reason, test }: HistoryEvent['event']): string {
  if (type === 'decision') return 'no published key has signed it';
  if (test !== undefined) return 'a test';
  return typeof reason === 'string' ? `refused, ${reason}` : 'not understood';
}

/** What folds keep of a decision has no note. The log has it. */
export function decisionText(event: HistoryEvent['event'], keys: OperatorKeys): string {
  const { verdict, operator, note, over_cap: overCap } = event;
  return [
    `decision ${verdict}${overCap === true ? ' over cap' : ''} by ${typeof operator === 'string' ? operatorName(operator, keys) : 'nobody known'}`,
    ...moneyTexts(event, ['amount', 'payout', 'revenue']),
    ...(typeof note === 'string' ? [`note ${JSON.stringify(note)}`] : []),
  ].join(', ');
}

/** What the postback said. The standing says what came of it. */
function reportText(event: HistoryEvent['event']): string {
  const { status, pending_for: pendingFor, reason, sender } = event;
  const why = pendingFor ?? reason;
  return [
    `report ${status ?? ''}${why === undefined ? '' : ` (${why})`}`,
    ...(sender === undefined ? [] : [`sender ${sender}`]),
    ...moneyTexts(event, ['amount']),
  ].join(', ');
}

function moneyTexts(event: HistoryEvent['event'], names: readonly string[]): readonly string[] {
  return names.flatMap((name) => (event[name] === undefined ? [] : [`${name} ${event[name]}`]));
}
