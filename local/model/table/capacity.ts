/**
 * What AWS bills requests by. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export interface Units {
  readonly read: number;
  readonly write: number;
}

export const noUnits: Units = { read: 0, write: 0 };

/** Every started KB of the larger one of what was there and what is there now; what found nothing costs one, too. */
export function writeUnits(bytesBefore: number, bytesAfter: number): number {
  return Math.max(1, Math.ceil(Math.max(bytesBefore, bytesAfter) / 1_024));
}

/** Every started 4 KB, half of it when the read may be stale. */
export function readUnits(bytes: number, isConsistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4_096)) * (isConsistent ? 1 : 0.5);
}

/** A transaction prepares and commits, and each costs as much as the call alone. */
export const transactionFactor = 2;

export function addUnits(one: Units, other: Units): Units {
  return { read: one.read + other.read, write: one.write + other.write };
}
