import { createHash } from 'node:crypto';

/** 32 hex digits over the parts in their order, whatever the parts hold. */
export function digestOf(parts: Iterable<string | Uint8Array>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\n`).update(part);
  return hash.digest('hex').slice(0, 32);
}
