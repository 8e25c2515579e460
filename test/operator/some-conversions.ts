import { createHash } from 'node:crypto';
import { type ConversionHistory, conversionHistory } from '../../core/conversions/conversion-history.ts';
import type { DecisionFields } from '../../core/conversions/operator-events.ts';
import type { EventFields, LoggedEvent } from '../../core/event/event.ts';
import { uuidV7 } from '../../core/event/uuid.ts';
import type { AddOverCaps } from '../../operator/conversions/over-caps.ts';
import { operatorKeys, operatorLine } from '../operator-lines.ts';
import { sampleMs } from '../sample-lines.ts';

/** No conversion is over a cap. */
export const noOverCaps: AddOverCaps = async (histories) => histories;

/** The conversion key number `seq`. */
export function keyNumber(seq: number): string {
  return createHash('sha256').update(`key ${seq}`).digest('hex').slice(0, 32);
}

/** A report of the conversion with key number `seq`: 2.50 for the affiliate, 3.75 for the network. */
export function report(seq: number, fields: EventFields = {}, atMs = sampleMs): LoggedEvent {
  const id = uuidV7(atMs, createHash('sha256').update(`report ${seq} ${atMs}`).digest());
  const terms = { currency: 'USD', payout_type: 'cpa_flat', payout: '2.50', revenue_type: 'cpa_flat', revenue: '3.75' };
  return {
    ...{ v: 1, id, type: 'conversion', at: atMs, region: 'us-east-1', rules: 2, offer_id: 15, aff_id: 7 },
    ...{ conversion_key: keyNumber(seq), status: 'approved', sender: 'proven', ...terms },
    ...fields,
  };
}

export const waiting = { status: 'pending', pending_for: 'approval' };
export const withShare = { payout_type: 'cpa_percentage', payout: '0', payout_percent: '10' };

/** A minute after the reports, unless the test says otherwise. */
export function decision(
  seq: number,
  verdict: DecisionFields['verdict'],
  fields: Partial<DecisionFields> = {},
  atMs = sampleMs + 60_000,
  isSigned = true,
): LoggedEvent {
  const said = { conversion_key: keyNumber(seq), conversion_id: report(seq).id, verdict, ...fields };
  return JSON.parse(operatorLine(seq, atMs, { type: 'decision', fields: said }, isSigned));
}

export function historyOf(seq: number, ...events: readonly LoggedEvent[]): ConversionHistory {
  const history = conversionHistory(keyNumber(seq), events, operatorKeys);
  if (history === undefined) throw new Error('no report of it can be first');
  return history;
}
