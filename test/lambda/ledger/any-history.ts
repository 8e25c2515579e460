import fc from 'fast-check';
import type { EventFields } from '../../../core/event/event.ts';
import { competingKey } from '../../../core/figures/sales-part.ts';
import { encodeOperatorKeys, operatorKeysKey } from '../../../core/keys/operator-keys.ts';
import { hourMs } from '../../../core/log/log-key.ts';
import { regionNames, type SimulatedWorld } from '../../../simulation/world.ts';
import { eventOf } from '../../core/figures/fold-lines.ts';
import { operatorKeys, operatorLine } from '../../operator-lines.ts';
import { idOf, sampleLine } from '../../sample-lines.ts';
import { early, later } from './ledger-view.ts';

/** Histories of conversions and adjustments: everything that can be said about a few of them, over three hours. */

/** A day long before all events. Only adjustments are for it. */
export const longAgo = early - 60 * 24 * hourMs;

export function publishKeys(world: SimulatedWorld): void {
  for (const region of regionNames) {
    world.regions[region].bucket.put(operatorKeysKey, encodeOperatorKeys(operatorKeys.keys));
  }
}

/** Many fall into one minute, and many into one hour. */
const anyMoment = fc.record({
  seq: fc.nat(2_000),
  atMs: fc
    .tuple(fc.constantFrom(early, later), fc.constantFrom(0, 1, 30, 59), fc.nat(59_999))
    .map(([hour, minute, ms]) => hour + minute * 60_000 + ms),
});
const anyKey = fc.constantFrom('0', '8').map((digit) => digit.repeat(32));

/** Each line once. */
export const anyHistory: fc.Arbitrary<readonly string[]> = fc
  .uniqueArray(anyReport(), { minLength: 1, maxLength: 9, size: 'max', selector: idOf })
  .chain((reports) => {
    const seen = reports.filter((line) => competingKey(eventOf(line)) !== undefined);
    const words = fc.oneof(...(seen.length > 0 ? [anyDecision(seen), anyDecision(seen)] : []), anyAdjustment());
    return fc.array(words, { maxLength: 6 }).map((others) => distinct([...reports, ...others]));
  });

function distinct(lines: readonly string[]): readonly string[] {
  return [...new Map(lines.map((line) => [idOf(line), line])).values()];
}

function anyReport(): fc.Arbitrary<string> {
  const status = fc.constantFrom<EventFields[]>(
    { status: 'approved' },
    { status: 'pending', pending_for: 'pending-by-advertiser' },
    { status: 'pending', pending_for: 'approval' },
    { status: 'pending', pending_for: 'amount-missing' },
    { status: 'rejected', reason: 'rejected-by-advertiser' },
    { status: 'rejected', reason: 'ip-not-allowed' },
  );
  const other = fc.record({
    conversion_key: anyKey,
    rules: fc.constantFrom(1, 2, 2, 2),
    sender: fc.constantFrom('proven', 'unproven'),
    region: fc.constantFrom(...regionNames),
    currency: fc.constantFrom('USD', 'JPY'),
    payout: fc.constantFrom('1', '2.505'),
  });
  const amount = fc.constantFrom<EventFields[]>({}, { amount: '10' }, { amount: '0.05' });
  return fc.tuple(anyMoment, status, other, amount).map(([{ seq, atMs }, ...fields]) => {
    const terms = { payout_type: 'cpa_flat', revenue_type: 'cpa_percentage', revenue_percent: '12.5', aff_id: 7 };
    return sampleLine(seq, atMs, Object.assign({ type: 'conversion', ...terms }, ...fields));
  });
}

/** The operator saw a report that was the first at that time. An earlier one may have come since. */
function anyDecision(reports: readonly string[]): fc.Arbitrary<string> {
  const verdict = fc.constantFrom(
    ...(['approve', 'reject', 'set-amount'] as const).flatMap((one) => [
      { verdict: one },
      { verdict: one, amount: '7' },
    ]),
  );
  const isSigned = fc.constantFrom(true, true, false);
  return fc.record({ at: anyMoment, seen: fc.constantFrom(...reports), verdict, isSigned }).map((drawn) => {
    const seen = JSON.parse(drawn.seen) as { readonly id: string; readonly conversion_key: string };
    const fields = { conversion_key: seen.conversion_key, conversion_id: seen.id, offer_id: 15, ...drawn.verdict };
    return operatorLine(drawn.at.seq, drawn.at.atMs, { type: 'decision', fields }, drawn.isSigned);
  });
}

function anyAdjustment(): fc.Arbitrary<string> {
  return fc
    .record({
      at: anyMoment,
      reference: fc.constantFrom('r-1', 'r-2'),
      day_at: fc.constantFrom(longAgo, early, later),
      payout: fc.constantFrom('-12.5', '3'),
      isSigned: fc.constantFrom(true, true, false),
    })
    .map(({ at, isSigned, ...fields }) => {
      const rest = { day: '2026-11-23', offer_id: 15, aff_id: 7, currency: 'USD', revenue: '0', note: 'why' };
      return operatorLine(at.seq, at.atMs, { type: 'adjustment', fields: { ...rest, ...fields } }, isSigned);
    });
}
