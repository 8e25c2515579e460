import type { LoggedEvent } from '../event/event.ts';
import { eventOutcome } from './outcome.ts';

const keyShape = /^[0-9a-f]{32}$/;

/**
 * The conversion key of a conversion that is approved or pending. Only the earliest of these counts for a key.
 * Undefined for tests, for rejected conversions and for all other events.
 */
export function competingKey(event: LoggedEvent): string | undefined {
  if (event.type !== 'conversion') return undefined;
  const key = event['conversion_key'];
  if (typeof key !== 'string' || !keyShape.test(key)) return undefined;
  const outcome = eventOutcome(event);
  return outcome === 'approved' || outcome === 'pending' ? key : undefined;
}
