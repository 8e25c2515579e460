import type { LoggedEvent } from '../event/event.ts';
import type { LogKey } from '../log/log-key.ts';
import type { TableItem, TableUpdate } from '../ports.ts';
import { competingKey } from './conversions.ts';
import { expiresAtOf, provisionalClaimKey } from './table-keys.ts';

/** Which conversion is counted under a key, provisionally: the first segment to say so has it, for good. */
export interface ProvisionalClaim {
  readonly eventId: string;
  readonly segmentId: string;
}

/** By conversion key. */
export type ProvisionalClaims = ReadonlyMap<string, ProvisionalClaim>;

/**
 * Written only when nobody holds the key, or this segment does: whoever counts it again finds its own claim. It goes with
 * the rows of the segment's hour.
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

/** Undefined for an item of a conversion that nobody claimed yet. */
export function provisionalClaimOf(item: TableItem): ProvisionalClaim | undefined {
  const { counted_id: eventId, counted_segment: segmentId } = item;
  return typeof eventId === 'string' && typeof segmentId === 'string' ? { eventId, segmentId } : undefined;
}

export type ClaimResult =
  | 'counts'
  | 'duplicate'
  /** The same event is counted with another segment: a conversion is captured in both regions. */
  | 'elsewhere';

/** What is to be done with an event of a segment, when `claims` holds every key that its events compete for. */
export function claimResult(event: LoggedEvent, segmentId: string, claims: ProvisionalClaims): ClaimResult {
  const key = competingKey(event);
  const claim = key === undefined ? undefined : claims.get(key);
  if (claim === undefined) return 'counts';
  if (claim.eventId !== event.id) return 'duplicate';
  return claim.segmentId === segmentId ? 'counts' : 'elsewhere';
}
