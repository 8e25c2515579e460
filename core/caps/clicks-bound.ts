import { limits } from '../limits/limits.ts';

/** What decides how many clicks are sent on after a cap is reached. docs/decisions/0022 derives it. */
export interface CapDelay {
  readonly nowMs: number;
  /** The counts behind the object of closed caps have every event that the log had then. */
  readonly asOfMs: number;
  /** How long `store` may wait before it writes an event to the log. */
  readonly storeWindowSeconds: number;
}

export interface ClicksBound {
  /** If requests came as fast as the front doors let them in, all of them for this cap. */
  readonly worst: number;
  /** At the cap's rate of the last quarters of an hour. */
  readonly expected: number;
}

/**
 * For how long no count knows of a click: it was not yet in the log, or came after the counts, or the counts have not
 * yet reached every environment of `track`.
 */
export function unseenMs({ nowMs, asOfMs, storeWindowSeconds }: CapDelay): number {
  return Math.max(0, nowMs - asOfMs) + storeWindowSeconds * 1_000 + limits.caps.refreshIntervalMs;
}

export function clicksBound(
  unseen: number,
  { clicksPerMinute, throttledPerSecond }: { readonly clicksPerMinute: number; readonly throttledPerSecond: number },
): ClicksBound {
  return {
    worst: Math.ceil((unseen / 1_000) * throttledPerSecond),
    expected: Math.ceil((unseen / 60_000) * clicksPerMinute),
  };
}
