import {
  type AdjustmentFields,
  adjustmentKey,
  adjustmentOf,
  operatorEvent,
} from '../../../core/conversions/operator-events.ts';
import { compareTexts, type LoggedEvent } from '../../../core/event/event.ts';
import type { OperatorKeys } from '../../../core/keys/operator-keys.ts';
import { signedMicros } from '../../../core/money/decimal.ts';
import type { Shell } from '../../cli/shell.ts';
import { type ConversionsPlace, firstIds } from '../../conversions/find-conversions.ts';
import type { MoneyChange } from '../conversions/plan-decisions.ts';
import type { AdjustmentRow } from './adjustment-rows.ts';

/** What adjustments would change, before any is sent. */
export interface AdjustmentPlan {
  /** Not signed yet. */
  readonly events: readonly LoggedEvent[];
  /** By currency. */
  readonly money: readonly MoneyChange[];
  /** Rows whose reference is booked already, with the same content. */
  readonly known: number;
  readonly problems: readonly string[];
}

/** Throws a ConversionsUnreadable. */
export async function planAdjustments(
  rows: readonly AdjustmentRow[],
  place: ConversionsPlace,
  { clock, random }: Pick<Shell, 'clock' | 'random'>,
): Promise<AdjustmentPlan> {
  const booked = await bookedUnder(
    rows.map(({ fields }) => fields.reference),
    place,
  );
  const problems: string[] = [];
  const fresh: AdjustmentFields[] = [];
  for (const { place: where, fields } of rows) {
    const earlier = booked.get(fields.reference);
    const problem = earlier && whyNotUnder(earlier, fields);
    if (earlier === undefined) fresh.push(fields);
    else if (problem !== undefined) problems.push(`${where === '' ? '' : `${where}: `}${problem}`);
  }
  const events = fresh.map((fields) => operatorEvent({ type: 'adjustment', fields }, clock.nowMs(), random.bytes(10)));
  return { events, money: moneyOf(fresh), known: rows.length - fresh.length - problems.length, problems };
}

/** What the index says of a reference. `fields` is undefined when the event that has it does not count. */
interface Booked {
  readonly id: string;
  readonly fields: AdjustmentFields | undefined;
}

/**
 * By reference. An event keeps its reference in the index when its key is revoked later, so another one would count as
 * its duplicate.
 */
async function bookedUnder(
  references: readonly string[],
  { source, indexes, keys }: ConversionsPlace,
): Promise<ReadonlyMap<string, Booked>> {
  const firsts = await firstIds(indexes, references.map(adjustmentKey));
  const events = firsts.size === 0 ? [] : await source.withIds(new Set(firsts.values()));
  const counting = new Map(countingAdjustments(events, keys).map(({ fields }) => [fields.reference, fields]));
  return new Map(
    references.flatMap((reference): [string, Booked][] => {
      const id = firsts.get(adjustmentKey(reference));
      return id === undefined ? [] : [[reference, { id, fields: counting.get(reference) }]];
    }),
  );
}

/** Undefined when the row is booked as it is. */
function whyNotUnder({ id, fields }: Booked, asked: AdjustmentFields): string | undefined {
  const { reference } = asked;
  if (fields === undefined)
    return `reference ${reference} is taken by event ${id}, which no valid key has signed or which cannot be read: use another reference`;
  if (contentOf(fields) === contentOf(asked)) return undefined;
  return `reference ${reference} is booked with other content: ${contentOf(fields)}`;
}

export interface BookedAdjustment {
  readonly event: LoggedEvent;
  readonly fields: AdjustmentFields;
}

/** Of several with one reference the earliest. Those that no published key has signed are left out. */
export function countingAdjustments(events: readonly LoggedEvent[], keys: OperatorKeys): readonly BookedAdjustment[] {
  const byReference = new Map<string, BookedAdjustment>();
  for (const event of [...events].sort((one, other) => compareTexts(one.id, other.id))) {
    const fields = adjustmentOf(event);
    if (fields === undefined || byReference.has(fields.reference) || !keys.hasSigned(event)) continue;
    byReference.set(fields.reference, { event, fields });
  }
  return [...byReference.values()];
}

/** Everything but the note, which an erasure removes. */
function contentOf({ day, offer_id, aff_id, goal_id = 0, currency, payout, revenue }: AdjustmentFields): string {
  const money = `payout ${plain(payout)} and revenue ${plain(revenue)} ${currency}`;
  return `${money} for offer ${offer_id}, affiliate ${aff_id}, goal ${goal_id} on ${day}`;
}

/** `12.50` and `12.5` are the same amount. */
function plain(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

export function moneyOf(adjustments: readonly AdjustmentFields[]): readonly MoneyChange[] {
  const sums = new Map<string, { payoutMicros: bigint; revenueMicros: bigint }>();
  for (const { currency, payout, revenue } of adjustments) {
    const sum = sums.get(currency) ?? { payoutMicros: 0n, revenueMicros: 0n };
    sums.set(currency, {
      payoutMicros: sum.payoutMicros + (signedMicros(payout) ?? 0n),
      revenueMicros: sum.revenueMicros + (signedMicros(revenue) ?? 0n),
    });
  }
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([currency, sum]) => ({ currency, ...sum }));
}
