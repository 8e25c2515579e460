import { conversionEventOf, conversionKeyOf } from '../conversions/conversion-events.ts';
import { type AdjustmentFields, adjustmentKey, adjustmentOf, isDecisionWhole } from '../conversions/operator-events.ts';
import { type ConversionEvent, canBeFirst } from '../conversions/standing.ts';
import { knownTypeOf, type LoggedEvent } from '../event/event.ts';
import type { KeptMark } from './first-conversion.ts';

/**
 * What an event has to do with the rows of conversions and adjustments. How such an event counts depends on the other
 * events of its key, in whatever hours they are.
 */
export type SalesPart =
  | { readonly kind: 'conversion'; readonly key: string; readonly says: ConversionEvent }
  | { readonly kind: 'adjustment'; readonly key: string; readonly adjustment: AdjustmentFields };

/** Undefined for every other event. The caller has verified the signature of an operator's event. */
export function salesPartOf(event: LoggedEvent): SalesPart | undefined {
  if (event.type === 'adjustment') return adjustmentPartOf(event);
  const says = conversionEventOf(event);
  return says && { kind: 'conversion', key: conversionKeyOf(event) ?? '', says };
}

function adjustmentPartOf(event: LoggedEvent): SalesPart | undefined {
  const adjustment = knownTypeOf(event) === undefined ? undefined : adjustmentOf(event);
  return adjustment && { kind: 'adjustment', key: adjustmentKey(adjustment.reference), adjustment };
}

/**
 * Whether an operator's event says all that folds need. A period only says that figures were invoiced, so no fold needs
 * its fields.
 */
export function isOperatorEventWhole(event: LoggedEvent): boolean {
  if (event.type === 'period') return true;
  return salesPartOf(event) !== undefined && (event.type !== 'decision' || isDecisionWhole(event));
}

/** Whether only merging sales can count the event, because the smallest id of its key counts otherwise than the others. */
export function isCompeting(part: SalesPart): boolean {
  return part.kind === 'adjustment' || canBeFirst(part.says);
}

/** How long the first event of the key is remembered. */
export function keptMarkOf(part: SalesPart): KeptMark {
  return part.kind === 'adjustment' ? 'for-ever' : 'for-a-while';
}

/** The key for which the event competes. */
export function competingKey(event: LoggedEvent): string | undefined {
  const part = salesPartOf(event);
  return part && isCompeting(part) ? part.key : undefined;
}
