import { createHash } from 'node:crypto';
import type { JsonValue, LoggedEvent } from '../event/event.ts';
import { compareTexts, ownRules } from '../event/event.ts';
import { uuidTimeMs, uuidV7 } from '../event/uuid.ts';
import { keyTimeEndMs } from '../log/log-key.ts';
import { parseExactDecimal, signedMicros } from '../money/decimal.ts';

/**
 * The events by which operators change money: `decision`, `adjustment` and `period`. The operator's tool makes and signs
 * them; `track` can make none of them. Folds leave out, and count, what no published key has signed
 * (core/keys/operator-keys.ts). They go through the intake queues like every other event, without `env` and `seq`.
 */

const operatorTypes = ['decision', 'adjustment', 'period'] as const;
export type OperatorType = (typeof operatorTypes)[number];

export function isOperatorType(type: string): type is OperatorType {
  return (operatorTypes as readonly string[]).includes(type);
}

/** Stands in `region`: an operator is in no region. */
export const operatorRegion = 'operator';

/** An operator's word about one conversion. */
export interface DecisionFields {
  readonly conversion_key: string;
  /** Event id of the report that the operator saw: the conversion's first one. */
  readonly conversion_id: string;
  readonly verdict: 'approve' | 'reject' | 'set-amount';
  /** Exact decimals. */
  readonly amount?: string;
  readonly payout?: string;
  readonly revenue?: string;
  /** With `approve`: pays the conversion even if it is over a cap. */
  readonly over_cap?: true;
  /** Copied from the report. They say in which row the decision itself is counted, and help people who read the log. */
  readonly txn?: string;
  readonly offer_id?: number;
  readonly aff_id?: number;
  readonly goal_id?: number;
  readonly currency?: string;
  readonly note?: string;
}

/** Money that is added or taken. Of several with one reference the earliest counts. */
export interface AdjustmentFields {
  /** Unique in the network. */
  readonly reference: string;
  /** In the network's time zone: `2026-11-23`. */
  readonly day: string;
  /** Start of that day, ms since the epoch. It says in which quarter of an hour the adjustment counts. */
  readonly day_at: number;
  readonly offer_id: number;
  readonly aff_id: number;
  readonly goal_id?: number;
  readonly currency: string;
  /** Signed exact decimals with at most 6 decimals, such as `-12.50`. */
  readonly payout: string;
  readonly revenue: string;
  /** Why. */
  readonly note: string;
}

/** A period was closed: its figures were invoiced. */
interface PeriodFields {
  /** First and last day, in the network's time zone. */
  readonly from: string;
  readonly to: string;
  readonly time_zone: string;
  /** Digest of the statement that was made (core/ledger/object-keys.ts). */
  readonly statement: string;
  readonly note?: string;
}

export type OperatorDraft =
  | { readonly type: 'decision'; readonly fields: DecisionFields }
  | { readonly type: 'adjustment'; readonly fields: AdjustmentFields }
  | { readonly type: 'period'; readonly fields: PeriodFields };

/**
 * An event that is not signed yet. `afterId`: an event that the operator has seen. The new id is later, even when the
 * clock of the operator's machine is behind. `random`: 10 unpredictable bytes.
 */
export function operatorEvent(draft: OperatorDraft, nowMs: number, random: Uint8Array, afterId?: string): LoggedEvent {
  const at = Math.max(Math.floor(nowMs), afterId === undefined ? 0 : uuidTimeMs(afterId) + 1);
  const { note, ...fields } = draft.fields;
  const noted = note === undefined ? {} : { note, note_hash: createHash('sha256').update(note).digest('hex') };
  return {
    v: 1,
    id: uuidV7(at, random),
    type: draft.type,
    at,
    region: operatorRegion,
    rules: ownRules,
    ...fields,
    ...noted,
  };
}

/**
 * The text that an operator signs: all fields in the order of their names, without the signature, the note and the mark
 * of an erasure. An erasure removes the note. The signature covers `note_hash`, so it stays valid.
 */
export function signedText(event: LoggedEvent): string {
  const { signature: _, note: __, redacted: ___, ...signed } = event;
  const sorted = Object.entries(signed).sort(([one], [other]) => compareTexts(one, other));
  return JSON.stringify(sorted);
}

/** The conversion key under which adjustments of one reference compete. */
export function adjustmentKey(reference: string): string {
  return createHash('sha256')
    .update(JSON.stringify(['adjustment', reference]))
    .digest('hex')
    .slice(0, 32);
}

/** Undefined for any other event, and for an adjustment that misses something. */
export function adjustmentOf(event: LoggedEvent): AdjustmentFields | undefined {
  if (event.type !== 'adjustment') return undefined;
  const fields = event as unknown as Record<keyof AdjustmentFields, JsonValue | undefined>;
  const isWhole =
    typeof fields.reference === 'string' &&
    typeof fields.day === 'string' &&
    typeof fields.currency === 'string' &&
    [fields.day_at, fields.offer_id, fields.aff_id].every(Number.isSafeInteger) &&
    isTimeOfKey(fields.day_at) &&
    [fields.payout, fields.revenue].every((money) => signedMicros(money) !== undefined);
  return isWhole ? (fields as unknown as AdjustmentFields) : undefined;
}

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a decision says all that a fold needs. */
export function isDecisionWhole(event: LoggedEvent): boolean {
  const { conversion_key: key, conversion_id: id, amount, payout, revenue } = event;
  const isMoney = (value: unknown) => value === undefined || parseExactDecimal(value) !== undefined;
  const hasReport = typeof id === 'string' && uuidShape.test(id) && isTimeOfKey(uuidTimeMs(id));
  return typeof key === 'string' && hasReport && [amount, payout, revenue].every(isMoney);
}

/** Whether an hour of figures can have the time, in ms since the epoch. */
function isTimeOfKey(timeMs: unknown): boolean {
  return typeof timeMs === 'number' && timeMs >= 0 && timeMs < keyTimeEndMs;
}
