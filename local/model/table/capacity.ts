/**
 * The units that AWS bills requests by.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export interface Units {
  readonly read: number;
  readonly write: number;
}

/** One unit for each started KB of the larger item: before or after. A write that finds nothing costs one unit too. */
export function writeUnits(bytesBefore: number, bytesAfter: number): number {
  return Math.max(1, Math.ceil(Math.max(bytesBefore, bytesAfter) / 1_024));
}

/** One unit for each started 4 KB; half of it when the read may be stale. */
export function readUnits(bytes: number, isConsistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4_096)) * (isConsistent ? 1 : 0.5);
}
