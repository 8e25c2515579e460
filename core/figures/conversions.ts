import type { LoggedEvent } from '../event/event.ts';
import { eventOutcome } from './outcome.ts';

const keyShape = /^[0-9a-f]{32}$/;

/**
 * The key under which a conversion competes with others; undefined for what never counts as one (tests, rejected ones)
 * and for everything that is none.
 */
export function competingKey(event: LoggedEvent): string | undefined {
  if (event.type !== 'conversion') return undefined;
  const key = event['conversion_key'];
  if (typeof key !== 'string' || !keyShape.test(key)) return undefined;
  const outcome = eventOutcome(event);
  return outcome === 'approved' || outcome === 'pending' ? key : undefined;
}

/** The smallest id, which is the earliest in event time, by conversion key. */
export function earliestOf(events: readonly LoggedEvent[]): ReadonlyMap<string, string> {
  const earliest = new Map<string, string>();
  for (const event of events) {
    const key = competingKey(event);
    if (key === undefined) continue;
    const held = earliest.get(key);
    if (held === undefined || event.id < held) earliest.set(key, event.id);
  }
  return earliest;
}
