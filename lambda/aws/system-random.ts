import { randomBytes } from 'node:crypto';
import type { Random } from '../../core/ports.ts';

/** Random bytes are drawn many at once: a click takes two lots of a few, and each draw costs more than its bytes. */
const drawnBytes = 4_096;

let drawn = Buffer.alloc(0);
let used = 0;

export const systemRandom: Random = {
  bytes(length) {
    if (used + length > drawn.length) {
      drawn = randomBytes(Math.max(length, drawnBytes));
      used = 0;
    }
    used += length;
    return drawn.subarray(used - length, used);
  },
};
