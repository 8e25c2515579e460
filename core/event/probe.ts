import { createHash } from 'node:crypto';
import { minuteMs } from '../log/log-key.ts';
import type { LoggedEvent } from './event.ts';
import { uuidTimeMs, uuidV7 } from './uuid.ts';

/**
 * Probes of the schedule. Once a minute each region captures one, and it travels like a click: where a probe is
 * missing, clicks are missing too. Its content follows from region and minute alone, and it gets a segment of its own
 * (`probeKey` in segment.ts). So a reader can compute the key, and a probe captured twice is one line twice. It has no `env` and
 * `seq`, because any environment may capture it again. Probes of `/health` are other events.
 */

/** The start of the id's random part. Its 42 bits never occur in another event by chance. */
const mark = '-7000-8000-0000';
const markAt = 13;

export function minuteStart(timeMs: number): number {
  return timeMs - (timeMs % minuteMs);
}

/** The starts of the latest `count` minutes, the current one first. */
export function recentMinutes(nowMs: number, count: number): readonly number[] {
  const latest = minuteStart(nowMs);
  return Array.from({ length: count }, (_, index) => latest - index * minuteMs);
}

export function probeEvent(region: string, minuteStartMs: number): LoggedEvent {
  return { v: 1, id: probeId(region, minuteStartMs), type: 'probe', at: minuteStartMs, region };
}

/** The id ends in a hash of the region's name, so new regions of AWS need no table here. */
export function probeId(region: string, minuteStartMs: number): string {
  const random = Buffer.alloc(10);
  createHash('sha256').update(region).digest().copy(random, 6, 0, 4);
  return uuidV7(minuteStartMs, random);
}

export function isProbeId(id: string): boolean {
  return id.startsWith(mark, markAt) && uuidTimeMs(id) % minuteMs === 0;
}
