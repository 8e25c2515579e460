import { uuidTimeMs } from '../../../core/event/uuid.ts';
import type { Delivery } from '../../../core/postbacks/delivery-state.ts';
import { plural, utcText } from '../../cli/format.ts';
import { tableLines } from '../../cli/text-table.ts';

/** A table of deliveries, each in a line. */
export function deliveryLines(deliveries: readonly Delivery[]): readonly string[] {
  if (deliveries.length === 0) return ['no postback was fired'];
  return tableLines([
    ['postback', 'standing', 'reached', 'state', 'idempotency id'],
    ...deliveries.map((delivery) => {
      const { id, postbackId, line } = delivery;
      return [`${postbackId}`, line.standing, utcText(uuidTimeMs(line.standingId)), stateText(delivery), id];
    }),
  ]);
}

/** `delivered at … (1 attempt)`, `due at …, after timeout (2 attempts)`. */
function stateText({ status, attempts, last, lastAtMs, dueAtMs }: Delivery): string {
  const tried = attempts === 0 ? '' : ` (${plural(attempts, 'attempt')})`;
  if (status === 'delivered') return `delivered at ${utcText(lastAtMs ?? 0)}${tried}`;
  const why = last === undefined ? '' : `: ${last}`;
  return status === 'due' ? `due at ${utcText(dueAtMs)}${why}${tried}` : `${status}${why}${tried}`;
}
