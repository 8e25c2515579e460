import { minuteNameOf } from './minute-name.ts';

/** The prefix of the states of all minutes. Their objects expire (`limits.postbacks.keptDays`). */
export const deliveriesPrefix = 'postbacks/minutes/';

/** `postbacks/minutes/2026-11-23T05/minute-17.json.gz`: the same key in both buckets. */
export function deliveryStateKey(minuteStartMs: number): string {
  return `${deliveryHourPrefix(minuteStartMs)}minute-${minuteNameOf(minuteStartMs).slice(-2)}.json.gz`;
}

/** The prefix of the states of an hour. `timeMs`: any moment of the hour. */
export function deliveryHourPrefix(timeMs: number): string {
  return `${deliveriesPrefix}${minuteNameOf(timeMs).slice(0, -3)}/`;
}
