import type { Delivery } from '../../../core/postbacks/delivery-state.ts';
import { firingId } from '../../../core/postbacks/firing.ts';
import type { OutboxLine } from '../../../core/postbacks/outbox-line.ts';
import { idOf, sampleLine, sampleMs } from '../../sample-lines.ts';

/** An approved conversion that was reported at `sampleMs + which`. */
export function outboxLine(which: number, fields: Partial<OutboxLine> = {}): OutboxLine {
  const firstId = idOf(sampleLine(which, sampleMs + which));
  const ids = { key: which.toString(16).padStart(32, '0'), firstId, standingId: firstId };
  const place = { offerId: 15, affiliateId: 7, goalId: 0 };
  return { ...ids, standing: 'approved', ...place, currency: 'USD', payout: '2.50', ...fields };
}

export function delivery(which: number, fields: Partial<Delivery> = {}): Delivery {
  const line = outboxLine(which);
  const id = firingId(line.key, line.standing, 1);
  return { id, postbackId: 1, line, status: 'due', dueAtMs: sampleMs, attempts: 0, changes: 0, ...fields };
}
