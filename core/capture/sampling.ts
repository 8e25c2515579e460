import { createHash } from 'node:crypto';

/**
 * Whether `id` is among the 1 in `oneIn` (0 = none) that go the way that is otherwise taken only in an outage. It
 * follows from the id alone, so that it holds again at each retry and in each region.
 */
export function isSampled(id: string, oneIn: number): boolean {
  if (oneIn === 0) return false;
  return createHash('sha256').update(id).digest().readUInt32BE(0) % oneIn === 0;
}
