import { createHash } from 'node:crypto';
import type { LoggedEvent } from './event.ts';
import { uuidTimeMs, uuidV7 } from './uuid.ts';

/**
 * Once a minute each region captures an event of its own, which goes the whole way of a click. Where a probe is missing,
 * clicks would be missing too. A probe follows from its region and its minute alone, and it gets a segment of its own:
 * `probeKey` in segment.ts gives the key. A probe that is captured twice is the same line twice. Any environment may
 * capture it again, so it carries no number of its environment. The probes of `/health` are others.
 */

const minuteMs = 60_000;

/** What the random part of the id begins with: 42 bits, which no other event will ever have by chance. */
const mark = '-7000-8000-0000';
const markAt = 13;

export function minuteStart(timeMs: number): number {
  return timeMs - (timeMs % minuteMs);
}

/** Starts of the `count` latest minutes, the current one first. */
export function recentMinutes(nowMs: number, count: number): readonly number[] {
  const latest = minuteStart(nowMs);
  return Array.from({ length: count }, (_, index) => latest - index * minuteMs);
}

export function probeEvent(region: string, minuteStartMs: number): LoggedEvent {
  return { v: 1, id: probeId(region, minuteStartMs), type: 'probe', at: minuteStartMs, region };
}

/** Ends in a hash of the region's name, so that a region younger than any table of ours has its own too. */
export function probeId(region: string, minuteStartMs: number): string {
  const random = Buffer.alloc(10);
  createHash('sha256').update(region).digest().copy(random, 6, 0, 4);
  return uuidV7(minuteStartMs, random);
}

export function isProbeId(id: string): boolean {
  return id.startsWith(mark, markAt) && uuidTimeMs(id) % minuteMs === 0;
}
