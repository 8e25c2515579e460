import { type OperatorDraft, operatorEvent } from '../../../core/conversions/operator-events.ts';
import type { LoggedEvent } from '../../../core/event/event.ts';
import { makeOperatorKey, OperatorKeys, signEvent } from '../../../core/keys/operator-keys.ts';

/** Signs what an operator of a drill says. */

const key = makeOperatorKey('drill');
const { id, name, publicKey } = key;
export const operatorKeys = new OperatorKeys([{ id, name, publicKey, fromMs: 0, changedBy: 'drill', changedAtMs: 0 }]);

const verdicts = ['approve', 'approve', 'reject', 'set-amount'] as const;
const dayMs = 86_400_000;

export interface Circumstances {
  readonly nowMs: number;
  /** 10 bytes, another text for each event. */
  readonly random: Uint8Array;
  readonly chance: () => number;
}

/** A decision about a conversion that has a key. */
export function decisionOf(report: LoggedEvent, { nowMs, random, chance }: Circumstances): LoggedEvent {
  const { conversion_key: conversionKey, offer_id: offer, aff_id: affiliate } = report;
  const verdict = pick(verdicts, chance);
  const fields = {
    conversion_key: String(conversionKey),
    conversion_id: report.id,
    verdict,
    ...(verdict !== 'reject' && chance() < 0.5 && { amount: (chance() * 100).toFixed(2) }),
    ...(verdict === 'set-amount' && chance() < 0.5 && { payout: '1.23' }),
    ...{ offer_id: Number(offer), aff_id: Number(affiliate) },
  };
  return signed({ type: 'decision', fields }, nowMs, random);
}

/** An adjustment of this day or of the day before. Some references come several times. */
export function adjustmentOf({ nowMs, random, chance }: Circumstances): LoggedEvent {
  const dayAtMs = nowMs - (nowMs % dayMs) - (chance() < 0.3 ? dayMs : 0);
  const fields = {
    reference: `drill-${Math.floor(chance() * 20)}`,
    day: new Date(dayAtMs).toISOString().slice(0, 10),
    day_at: dayAtMs,
    ...{ offer_id: 1500, aff_id: 1001, currency: pick(['USD', 'EUR'], chance), note: 'drill' },
    payout: ((chance() - 0.5) * 10).toFixed(2),
    revenue: ((chance() - 0.5) * 10).toFixed(2),
  };
  return signed({ type: 'adjustment', fields }, nowMs, random);
}

function signed(draft: OperatorDraft, nowMs: number, random: Uint8Array): LoggedEvent {
  return signEvent(operatorEvent(draft, nowMs, random), key);
}

function pick<Item>(items: readonly Item[], chance: () => number): Item {
  return items[Math.floor(chance() * items.length)] as Item;
}
