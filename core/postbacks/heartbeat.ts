import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';

/**
 * What a region's `notify` says after each run, in both buckets. The second region sends at once while the primary one
 * lags. Else it leaves each postback to the primary region for a while.
 */
export interface Heartbeat {
  readonly region: string;
  /** When the run ended. */
  readonly atMs: number;
  /** What the region's log had by then is folded, and its postbacks were tried at least once. */
  readonly toldToMs: number;
  /** Minutes that wait for a look or for a further attempt. */
  readonly dueMinutes: number;
  readonly suspended: readonly number[];
}

export function heartbeatKey(region: string): string {
  return `postbacks/heartbeat-${region}.json`;
}

/**
 * How long a region leaves a postback to the other one, in ms. A primary region that has never said anything is new, so
 * it is given the usual time.
 */
export function patienceMs(isPrimary: boolean, ofPrimary: Heartbeat | undefined, nowMs: number): number {
  const { takeoverMs } = limits.postbacks;
  if (isPrimary) return 0;
  const isLagging = ofPrimary !== undefined && ofPrimary.toldToMs < nowMs - takeoverMs;
  return isLagging ? 0 : takeoverMs;
}

export function encodeHeartbeat(heartbeat: Heartbeat): Uint8Array {
  return Buffer.from(`${JSON.stringify({ v: 1, ...heartbeat })}\n`);
}

/** Undefined when the bytes are no such object. */
export function parseHeartbeat(bytes: Uint8Array): Heartbeat | undefined {
  const { v, region, atMs, toldToMs, dueMinutes, suspended } = parseObject(Buffer.from(bytes).toString()) ?? {};
  const isWhole = v === 1 && typeof region === 'string' && Array.isArray(suspended);
  if (!isWhole || ![atMs, toldToMs, dueMinutes].every(Number.isFinite)) return undefined;
  return {
    region,
    atMs: Number(atMs),
    toldToMs: Number(toldToMs),
    dueMinutes: Number(dueMinutes),
    suspended: suspended.map(Number),
  };
}
