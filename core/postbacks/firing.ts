import type { PostbackStanding } from '../catalog/catalog.ts';
import { uuidTimeMs } from '../event/uuid.ts';
import { digestOf } from '../ledger/object-keys.ts';
import { limits } from '../limits/limits.ts';
import type { MatchPostbacks } from './matching-postbacks.ts';
import type { OutboxLine } from './outbox-line.ts';

/** A postback that is owed to a partner, because a conversion has reached a standing. */
export interface Firing {
  /** 32 hex digits: the same in both regions and at each attempt. Partners get it as `{idempotency_id}`. */
  readonly id: string;
  readonly postbackId: number;
  readonly line: OutboxLine;
}

/** A conversion fires a postback once for each standing, also when it comes back to this standing later. */
export function firingId(key: string, standing: PostbackStanding, postbackId: number): string {
  return digestOf(['firing', key, standing, `${postbackId}`]);
}

export interface FiringRules {
  readonly match: MatchPostbacks;
  /**
   * Since when a postback fires for a standing, ms since the epoch. Older standings do not fire, so that a new postback
   * does not tell its partner of all conversions so far.
   */
  readonly sinceMs: (postbackId: number, standing: PostbackStanding) => number;
  readonly nowMs: number;
}

const freshMs = limits.postbacks.freshDays * 86_400_000;

export function firingsOf(line: OutboxLine, { match, sinceMs, nowMs }: FiringRules): readonly Firing[] {
  const reachedAtMs = uuidTimeMs(line.standingId);
  if (reachedAtMs < nowMs - freshMs) return [];
  return match(line, line.standing)
    .filter(({ id }) => reachedAtMs >= sinceMs(id, line.standing))
    .map(({ id }) => ({ id: firingId(line.key, line.standing, id), postbackId: id, line }));
}

/** The latest line of each key. Of two with one standing either is as good. */
export function latestLines(lines: Iterable<OutboxLine>): ReadonlyMap<string, OutboxLine> {
  const latest = new Map<string, OutboxLine>();
  for (const line of lines) {
    const held = latest.get(line.key);
    if (held === undefined || line.standingId >= held.standingId) latest.set(line.key, line);
  }
  return latest;
}
