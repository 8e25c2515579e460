import { changed, type Delivery, type DeliveryState } from './delivery-state.ts';
import { type FiringRules, firingsOf, latestLines } from './firing.ts';
import type { OutboxLine } from './outbox-line.ts';

/**
 * The state with what new outbox lines of its minute call for. Adding the same lines again changes nothing. `dueAtMs`:
 * when the lines were written.
 *
 * A standing that was not told before the next one came is not told any more: the partner would take the old one for the
 * newest. The conversion can come back to it: then the partner is told after all. A line that is older than what is known
 * of its key adds nothing.
 */
export function withLines(
  state: DeliveryState,
  lines: Iterable<OutboxLine>,
  rules: FiringRules,
  dueAtMs: number,
): DeliveryState {
  const latest = latestLines(lines);
  const deliveries = new Map(state.deliveries);
  for (const delivery of state.deliveries.values()) {
    const line = latest.get(delivery.line.key);
    if (line === undefined || !isOvertaken(delivery, line)) continue;
    deliveries.set(delivery.id, changed(delivery, { status: 'skipped', last: `now-${line.standing}` }));
  }
  const known = latestLines([...state.deliveries.values()].map(({ line }) => line));
  const news = [...latest.values()].filter(({ key, standingId }) => standingId >= (known.get(key)?.standingId ?? ''));
  for (const firing of news.flatMap((line) => firingsOf(line, rules))) {
    const held = deliveries.get(firing.id);
    if (held === undefined) deliveries.set(firing.id, { ...firing, status: 'due', dueAtMs, attempts: 0, changes: 0 });
    else if (isBack(held, firing.line)) {
      deliveries.set(held.id, changed(held, { line: firing.line, status: 'due', dueAtMs }));
    }
  }
  return { ...state, deliveries };
}

function isOvertaken({ status, line }: Delivery, newest: OutboxLine): boolean {
  return status === 'due' && line.standing !== newest.standing && line.standingId < newest.standingId;
}

/** The partner was never told of the standing, and the conversion has it again. */
function isBack({ status, line }: Delivery, newest: OutboxLine): boolean {
  return status === 'skipped' && line.standingId < newest.standingId;
}
