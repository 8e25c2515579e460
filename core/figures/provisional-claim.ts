import type { LoggedEvent } from '../event/event.ts';
import type { LogKey } from '../log/log-key.ts';
import type { TableItem, TableUpdate } from '../ports.ts';
import { competingKey } from './conversions.ts';
import { expiresAtOf, provisionalClaimKey } from './table-keys.ts';

/** Which conversion is counted provisionally under a conversion key. The first segment that claims the key keeps it. */
export interface ProvisionalClaim {
  readonly eventId: string;
  readonly segmentId: string;
}

/** By conversion key. */
export type ProvisionalClaims = ReadonlyMap<string, ProvisionalClaim>;

/**
 * Claims a key for a segment. The write succeeds only when no other segment holds the key, so counting a segment again
 * finds its own claim. The claim expires with the rows of the segment's hour.
 */
export function provisionalClaimUpdate(key: string, eventId: string, { segmentId, hourStartMs }: LogKey): TableUpdate {
  return {
    kind: 'update',
    key: provisionalClaimKey(key),
    set: {
      counted_id: eventId,
      counted_segment: segmentId,
      expires_at: expiresAtOf(hourStartMs),
    },
    when: [
      { attribute: 'counted_segment', is: 'absent' },
      { attribute: 'counted_segment', is: 'equal', value: segmentId },
    ],
  };
}

/** Reads the item of a conversion key. Undefined when nobody has claimed the key yet. */
export function provisionalClaimOf(item: TableItem): ProvisionalClaim | undefined {
  const { counted_id: eventId, counted_segment: segmentId } = item;
  return typeof eventId === 'string' && typeof segmentId === 'string' ? { eventId, segmentId } : undefined;
}

export type ClaimResult =
  | 'counts'
  | 'duplicate'
  /** The same event is counted with another segment, because a conversion is captured in both regions. */
  | 'elsewhere';

/** How an event of a segment counts. `claims` must hold every key for which the segment's events compete. */
export function claimResult(event: LoggedEvent, segmentId: string, claims: ProvisionalClaims): ClaimResult {
  const key = competingKey(event);
  const claim = key === undefined ? undefined : claims.get(key);
  if (claim === undefined) return 'counts';
  if (claim.eventId !== event.id) return 'duplicate';
  return claim.segmentId === segmentId ? 'counts' : 'elsewhere';
}
