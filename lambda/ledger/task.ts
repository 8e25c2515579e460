import { limits } from '../../core/limits/limits.ts';
import { parseHourName } from '../../core/log/log-key.ts';

export type LedgerTask =
  | { readonly task: 'close' | 'review' | 'sweep' }
  /**
   * `hours`: the starts of the hours, in order. `cause`: a word that the states keep. `afresh`: fold everything from the
   * log again, in a new generation.
   */
  | { readonly task: 'hours'; readonly hours: readonly number[]; readonly cause: string; readonly afresh: boolean };

/** Throws an error that says what is wrong with the event. */
export function taskOf(event: unknown, nowMs: number): LedgerTask {
  const { task, hours, cause, afresh = false } = (event ?? {}) as Readonly<Record<string, unknown>>;
  if (task === 'close' || task === 'review' || task === 'sweep') return { task };
  if (task !== 'hours') throw new Error('ledger wants {"task":"close"}, or another one of review, sweep, hours');
  if (typeof cause !== 'string' || !/^[a-z-]{1,30}$/.test(cause)) throw new Error('a cause is a word of a-z and -');
  if (typeof afresh !== 'boolean') throw new Error('afresh is true or false');
  if (!Array.isArray(hours) || hours.length === 0 || hours.length > limits.ledger.hoursAskedMax) {
    throw new Error(`hours are a list of 1 to ${limits.ledger.hoursAskedMax} hours`);
  }
  const starts = new Set(hours.map((hour) => startOf(hour, nowMs)));
  return { task, hours: [...starts].sort((one, other) => one - other), cause, afresh };
}

function startOf(hour: unknown, nowMs: number): number {
  const startMs = typeof hour === 'string' ? parseHourName(hour) : Number.NaN;
  if (!(startMs <= nowMs)) throw new Error(`${JSON.stringify(hour)} is no hour like "2026-11-23T05" that has begun`);
  return startMs;
}
