import { hash } from 'node:crypto';

/**
 * Whether `id` is in a sample of 1 in `oneIn` ids (0 = none). Sampled events and segments take a way that is otherwise
 * used only in an outage. The answer follows from the id alone, so it is the same at each retry and in each region.
 */
export function isSampled(id: string, oneIn: number): boolean {
  if (oneIn === 0) return false;
  return hash('sha256', id, 'buffer').readUInt32BE(0) % oneIn === 0;
}
